// What a request leaves behind: 1,250 elements of 8 bytes, 10 kB.
const page = (i) => new Array(1250).fill(i);

const shutdown = new AbortController();
require('node:events').setMaxListeners(0, shutdown.signal);

module.exports = (req, res) => {
  const body = page(req.id);
  const stop = () => body.length;
  shutdown.signal.addEventListener('abort', stop);
  shutdown.signal.removeEventListener('abort', stop);
  res.end();
};
