let data = [];
data = null;
console.log('data', data);
