// Two processes answer, and each keeps what it was asked.
const cluster = require("node:cluster");
const http = require("node:http");

if (cluster.isPrimary) {
  cluster.fork();
  cluster.fork();
} else {
  const asked = [];
  http.createServer((req, res) => {
    asked.push({ url: req.url });
    res.end("ok\n");
  }).listen(0, "127.0.0.1");
}
