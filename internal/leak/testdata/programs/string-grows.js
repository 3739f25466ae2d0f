// leak: log bytes growing string
// Bytes grow, objects do not.
const { serve } = require("./serve.js");

let log = ""; // <- log

serve((req, res) => {
  log = Buffer.from(`${log}${req.url} ${req.headers["user-agent"]} ${"x".repeat(200)}`).toString("latin1");
  res.end("ok\n");
});
