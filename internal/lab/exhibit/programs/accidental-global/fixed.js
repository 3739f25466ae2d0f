// What a request leaves behind: 1,250 elements of 8 bytes, 10 kB.
const page = (i) => new Array(1250).fill(i);

'use strict';

module.exports = (req, res) => {
  const seen = [];
  seen.push(page(req.id));
  res.end();
};
