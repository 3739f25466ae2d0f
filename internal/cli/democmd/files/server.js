// The tutorial's server: every request leaves one object behind in headersArray, for ever.
const http = require('node:http');

const headersArray = [];

const server = http.createServer((req, res) => {
  headersArray.push({ userAgentUsed: req.headers['user-agent'], raw: Buffer.from(req.rawHeaders.join('\n')) });
  res.end(`${headersArray.length} user agents so far\n`);
});

server.listen(Number(process.env.PORT || 0), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/`);
});
