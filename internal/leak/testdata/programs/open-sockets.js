// leak: sockets 1 open connections
const { serve } = require("./serve.js");

const net = require("node:net");
const backend = net.createServer((socket) => socket.unref()).listen(0, "127.0.0.1");
const sockets = []; // <- sockets

serve((req, res) => {
  const socket = net.connect(backend.address().port, "127.0.0.1", () => res.end("ok\n"));
  sockets.push(socket);
});
