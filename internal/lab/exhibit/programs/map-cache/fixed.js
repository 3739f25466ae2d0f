// What a request leaves behind: 1,250 elements of 8 bytes, 10 kB.
const page = (i) => new Array(1250).fill(i);

const cache = new Map();
const limit = 20;

module.exports = (req, res) => {
  cache.set(req.id, page(req.id));
  if (cache.size > limit) cache.delete(cache.keys().next().value);
  res.end();
};
