// The last signatures only, and each as a copy of its own.
"use strict";
const { serve } = require("../serve.js");

const signatures = [];
const limit = 100;

serve((req, res) => {
  const upload = Buffer.alloc(65_536, req.url);
  signatures.push(Buffer.copyBytesFrom(upload, 0, 16));
  if (signatures.length > limit) signatures.shift();
  res.end(`${signatures.length} uploads\n`);
});
