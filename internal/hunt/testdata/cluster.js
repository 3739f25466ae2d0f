// Two processes answer, and each keeps what it was asked.
const cluster = require("node:cluster");
const http = require("node:http");

if (cluster.isPrimary) {
  const port = process.execArgv.join().match(/--inspect-port=(\d+)/); // the same for all, as without it
  if (port) cluster.setupPrimary({ inspectPort: Number(port[1]) });
  cluster.fork();
  cluster.fork();
  let listening = 0;
  cluster.on("listening", () => { if (++listening === 2) console.log("up"); });
} else {
  const asked = [];
  http.createServer((req, res) => {
    asked.push({ url: req.url });
    res.end("ok\n");
  }).listen(0, "127.0.0.1");
}
