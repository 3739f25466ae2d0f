// What a request leaves behind: 1,250 elements of 8 bytes, 10 kB.
const page = (i) => new Array(1250).fill(i);

const callbacks = [];

module.exports = (req, res) => {
  const { length } = page(req.id);
  callbacks.push(() => length);
  if (callbacks.length > 100) callbacks.shift();
  res.end();
};
