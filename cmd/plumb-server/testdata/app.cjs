// A server as in the tutorial, with its metric. / keeps a buffer of 100 kB, /free
// lets all of them go.
const http = require('node:http');
let kept = [];
http.createServer((request, response) => {
  if (request.url === '/metrics') {
    response.setHeader('Content-Type', 'text/plain; version=0.0.4');
    response.end(`# TYPE nodejs_external_memory_bytes gauge\nnodejs_external_memory_bytes ${process.memoryUsage().external}\n`);
  } else if (request.url === '/free') {
    kept = [];
    // Buffers are swept beside the program: their memory is counted as free one or
    // two collections later.
    const before = process.memoryUsage().external;
    const collect = () => {
      global.gc();
      if (before - process.memoryUsage().external < 1e6) return void setImmediate(collect);
      response.end('free\n');
    };
    setImmediate(collect);
  } else {
    kept.push(Buffer.alloc(100_000));
    response.end('kept\n');
  }
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
