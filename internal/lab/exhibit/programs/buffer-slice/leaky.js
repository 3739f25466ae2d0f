const headers = [];

module.exports = (req, res) => {
  const packet = Buffer.alloc(10000, req.id);
  headers.push(packet.subarray(0, 16));
  res.end();
};
