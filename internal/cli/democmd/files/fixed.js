// The same server, mended: what was seen is counted, and not kept.
const http = require('node:http');

let seen = 0;

const server = http.createServer((req, res) => {
  seen++;
  res.end(`${seen} user agents so far\n`);
});

server.listen(Number(process.env.PORT || 0), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/`);
});
