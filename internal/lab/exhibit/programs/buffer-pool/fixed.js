const tokens = [];

module.exports = (req, res) => {
  tokens.push(Buffer.allocUnsafeSlow(16));
  for (let n = 0; n < 8; n++) Buffer.allocUnsafe(Buffer.poolSize / 8);
  res.end();
};
