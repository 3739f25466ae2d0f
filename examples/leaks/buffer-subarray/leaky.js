// subarray is a view: 16 bytes of it keep all 64 kB alive.
"use strict";
const { serve } = require("../serve.js");

const signatures = [];

serve((req, res) => {
  const upload = Buffer.alloc(65_536, req.url);
  signatures.push(upload.subarray(0, 16));
  res.end(`${signatures.length} uploads\n`);
});
