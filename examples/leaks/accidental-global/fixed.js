// Strict mode makes the missing declaration an error; the log has a limit.
"use strict";
const { serve } = require("../serve.js");

const visits = [];
const limit = 100;

serve((req, res) => {
  visits.push({ url: req.url, at: new Date() });
  if (visits.length > limit) visits.shift();
  res.end("noted\n");
});
