// Answers, and keeps the last hundred addresses.
const http = require("node:http");

const recent = [];

http.createServer((req, res) => {
  recent.push({ url: req.url });
  if (recent.length > 100) recent.shift();
  res.statusCode = req.url === "/missing" ? 404 : 200;
  res.end(`${recent.length}\n`);
}).listen(0, "127.0.0.1");
