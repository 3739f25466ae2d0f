// What these examples share: an HTTP server on the loopback interface. PORT
// chooses the port; without it a free one is taken.
"use strict";
const http = require("node:http");

function serve(handler) {
  const server = http.createServer((req, res) => {
    res.setHeader("Content-Type", "text/plain");
    handler(req, res);
  });
  server.listen(Number(process.env.PORT || 0), "127.0.0.1", () => {
    console.log(`listening on http://127.0.0.1:${server.address().port}/`);
  });
}

module.exports = { serve };
