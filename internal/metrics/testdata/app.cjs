'use strict';
// An HTTP server for the tests. With PROM_CLIENT, the path of that package, it
// answers /metrics as the programs do that plumb replaces it in.
const http = require('http');
const { PerformanceObserver } = require('perf_hooks');
const client = process.env.PROM_CLIENT && require(process.env.PROM_CLIENT);
if (client) client.collectDefaultMetrics();

const answers = {
  '/metrics': async (req, res) => {
    res.setHeader('Content-Type', client.register.contentType);
    res.end(await client.register.metrics());
  },
  // One collection at a time, so that prom-client sees each.
  '/gc': async (req, res) => {
    for (let i = 0; i < 5; i++) {
      const seen = new Promise((resolve) => {
        const observer = new PerformanceObserver(() => { observer.disconnect(); resolve(); });
        observer.observe({ entryTypes: ['gc'] });
      });
      global.gc();
      await seen;
    }
    res.end('5\n');
  },
};
const server = http.createServer(async (req, res) => {
  const { pathname, searchParams } = new URL(req.url, 'http://localhost');
  if (searchParams.has('route')) req.route = { path: searchParams.get('route') }; // a router of its own
  if (answers[pathname]) return answers[pathname](req, res);
  res.statusCode = Number(searchParams.get('code') || 200);
  res.end('ok\n');
});
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
