// The bytes live outside the JavaScript heap; the array keeps them there.
"use strict";
const { serve } = require("../serve.js");

const uploads = [];

serve((req, res) => {
  uploads.push(Buffer.alloc(16_384, req.url));
  res.end(`${uploads.length} uploads\n`);
});
