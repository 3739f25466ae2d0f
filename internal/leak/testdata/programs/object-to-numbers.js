// leak: ports 1 cache without a limit
const { serve } = require("./serve.js");

const ports = {}; // <- ports

serve((req, res) => {
  ports[process.hrtime.bigint()] = req.socket.remotePort;
  res.end("ok\n");
});
