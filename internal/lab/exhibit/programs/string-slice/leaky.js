const names = [];

module.exports = (req, res) => {
  const text = Buffer.alloc(10000, 97 + (req.id % 26)).toString('latin1');
  names.push(text.slice(0, 20));
  res.end();
};
