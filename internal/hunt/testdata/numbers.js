// Keeps one number per request in two places, and as many as ever in others.
"use strict";
const http = require("node:http");
const durations = [];
const ids = new Set();
const last = [], ring = new Array(500).fill(0), known = new Map();
let n = 0;

const server = http.createServer((req, res) => {
  durations.push(performance.now());
  ids.add(++n);
  if (last.push(n) > 300) last.shift();
  ring[n % ring.length] = n;
  known.set(n % 200, n);
  res.end("ok\n");
});
server.listen(0, "127.0.0.1", () => console.log("ready"));
