// An object used as a map, with a new key for every visitor.
"use strict";
const { serve } = require("../serve.js");

const profiles = {};
let count = 0;

serve((req, res) => {
  const visitor = `visitor-${count++}`;
  profiles[visitor] = { name: visitor, path: req.url };
  res.end(profiles[visitor].name);
});
