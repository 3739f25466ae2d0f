let page = new Array(1e5).fill(1.5);
console.log('sum', page.reduce((a, b) => a + b));
global.gc();
console.log('still held:', page.length, 'elements');
