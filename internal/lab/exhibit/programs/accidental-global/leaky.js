// What a request leaves behind: 1,250 elements of 8 bytes, 10 kB.
const page = (i) => new Array(1250).fill(i);

// Neither let, const nor var: in sloppy mode this makes a global variable.
seen = [];

module.exports = (req, res) => {
  seen.push(page(req.id));
  res.end();
};
