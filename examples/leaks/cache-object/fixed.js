// What was stored for a request is taken away when it is done.
"use strict";
const { serve } = require("../serve.js");

const profiles = {};
let count = 0;

serve((req, res) => {
  const visitor = `visitor-${count++}`;
  profiles[visitor] = { name: visitor, path: req.url };
  res.on("close", () => delete profiles[visitor]);
  res.end(profiles[visitor].name);
});
