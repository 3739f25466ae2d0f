const tokens = [];

module.exports = (req, res) => {
  tokens.push(Buffer.allocUnsafe(16));
  // Other work of the program uses up the rest of the pool.
  for (let n = 0; n < 8; n++) Buffer.allocUnsafe(Buffer.poolSize / 8);
  res.end();
};
