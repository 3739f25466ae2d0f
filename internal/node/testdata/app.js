'use strict';
// An HTTP server that keeps a little of every request, and prints its port.
const http = require('http');
const kept = [];
class Visit { constructor(url) { this.url = url + kept.length; } }
const server = http.createServer((req, res) => {
  if (req.url === '/slow') return void process.once('SIGUSR2', () => res.end('late\n'));
  kept.push(new Visit(req.url));
  res.end(`pid ${process.pid}\n`);
});
server.listen(Number(process.env.PORT || 0), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
