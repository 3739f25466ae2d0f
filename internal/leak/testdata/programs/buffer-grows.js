// healthy
// One Buffer that grows: bytes, not objects.
const { serve } = require("./serve.js");

let body = Buffer.alloc(0);

serve((req, res) => {
  body = Buffer.concat([body, Buffer.from(req.url)]);
  res.end("ok\n");
});
