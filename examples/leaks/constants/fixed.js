// What is needed of the log is one number per method.
"use strict";
const { serve } = require("../serve.js");

const times = new Map();

serve((req, res) => {
  times.set(req.method, (times.get(req.method) ?? 0) + 1);
  res.end(`${times.get("GET")} times GET\n`);
});
