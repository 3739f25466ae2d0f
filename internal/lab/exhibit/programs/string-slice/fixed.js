const names = [];

module.exports = (req, res) => {
  const text = Buffer.alloc(10000, 97 + (req.id % 26)).toString('latin1');
  names.push(Buffer.from(text.slice(0, 20)).toString());
  res.end();
};
