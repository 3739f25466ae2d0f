// Ends at the hundredth request.
const http = require("node:http");

let count = 0;

http.createServer((req, res) => {
  if (++count === 100) {
    console.error("cannot go on");
    process.exit(7);
  }
  res.end("ok\n");
}).listen(0, "127.0.0.1");
