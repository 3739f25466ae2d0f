// No const, let or var: visits becomes a property of the global object.
const { serve } = require("../serve.js");

function startLog() {
  visits = [];
}

startLog();
serve((req, res) => {
  visits.push({ url: req.url, at: new Date() });
  res.end("noted\n");
});
