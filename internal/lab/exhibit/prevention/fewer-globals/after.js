const weak = (() => {
  const page = new Array(1e5).fill(1.5);
  console.log('sum', page.reduce((a, b) => a + b));
  return new WeakRef(page);
})();
setTimeout(() => {
  global.gc();
  console.log('still held:', weak.deref()?.length ?? 0, 'elements');
}, 1);
