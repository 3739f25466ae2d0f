// The same answer from a count: nothing of a request outlives it.
const http = require("node:http");

let userAgents = 0;

const server = http.createServer((req, res) => {
  userAgents += 1;
  res.setHeader("Content-Type", "text/plain");
  res.end(`${userAgents} user agents so far\n`);
});

server.listen(Number(process.env.PORT || 0), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/`);
});
