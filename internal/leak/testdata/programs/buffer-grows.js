// leak: body bytes memory outside the heap
// One Buffer that grows: bytes, not objects.
const { serve } = require("./serve.js");

let body = Buffer.alloc(0); // <- body

serve((req, res) => {
  body = Buffer.concat([body, Buffer.alloc(1000, req.url)]);
  res.end("ok\n");
});
