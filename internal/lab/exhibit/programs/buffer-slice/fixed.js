const headers = [];

module.exports = (req, res) => {
  const packet = Buffer.alloc(10000, req.id);
  headers.push(Uint8Array.prototype.slice.call(packet, 0, 16));
  res.end();
};
