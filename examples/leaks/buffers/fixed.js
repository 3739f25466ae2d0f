// The upload is used and dropped.
"use strict";
const { serve } = require("../serve.js");

let bytes = 0;

serve((req, res) => {
  const upload = Buffer.alloc(16_384, req.url);
  bytes += upload.length;
  res.end(`${bytes} bytes uploaded\n`);
});
