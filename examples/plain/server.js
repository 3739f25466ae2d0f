// A server that does nothing but answer: what a load generator is measured on.
// PORT chooses the port.
"use strict";
const http = require("node:http");

const server = http.createServer((req, res) => {
  res.end("ok\n");
});
server.listen(Number(process.env.PORT || 0), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/`);
});
