// What every example here shares: an HTTP server on a free loopback port and a
// heap snapshot on a signal. PORT chooses the port, SNAPSHOT_DIR the folder.
"use strict";
const http = require("node:http");
const path = require("node:path");
const v8 = require("node:v8");

function serve(handler) {
  const server = http.createServer((req, res) => {
    res.setHeader("Content-Type", "text/plain");
    handler(req, res);
  });
  server.listen(Number(process.env.PORT || 0), "127.0.0.1", () => {
    console.log(`listening on http://127.0.0.1:${server.address().port}/`);
  });
  process.on("SIGUSR2", () => {
    const dir = process.env.SNAPSHOT_DIR || ".";
    const name = `${process.pid}-${Date.now()}.heapsnapshot`;
    console.log(`snapshot ${v8.writeHeapSnapshot(path.join(dir, name))}`);
  });
}

module.exports = { serve };
