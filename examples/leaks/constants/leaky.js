// The log grows, though there is one text "GET" only: nothing new is in the heap.
"use strict";
const { serve } = require("../serve.js");

const methods = [];

serve((req, res) => {
  methods.push(req.method);
  res.end(`${methods.filter((m) => m === "GET").length} times GET\n`);
});
