// leak: all 1 module variable
// leak: byId 1 cache without a limit
// The same objects in both: to empty one frees nothing.
const { serve } = require("./serve.js");

const all = []; // <- all
const byId = new Map(); // <- byId

serve((req, res) => {
  const visit = { id: all.length, url: req.url };
  all.push(visit);
  byId.set(visit.id, visit);
  res.end("ok\n");
});
