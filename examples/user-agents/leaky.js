// Every request leaves one object behind in headersArray, for ever.
const http = require("node:http");
const path = require("node:path");
const v8 = require("node:v8");

const headersArray = [];

const server = http.createServer((req, res) => {
  headersArray.push({ userAgentUsed: req.headers["user-agent"] });
  res.setHeader("Content-Type", "text/plain");
  res.end(`${headersArray.length} user agents so far\n`);
});

server.listen(Number(process.env.PORT || 0), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/`);
});

process.on("SIGUSR2", () => {
  const dir = process.env.SNAPSHOT_DIR || ".";
  const file = path.join(dir, `${process.pid}-${Date.now()}.heapsnapshot`);
  console.log(`snapshot ${v8.writeHeapSnapshot(file)}`);
});
