// healthy
// Bytes grow, objects hardly do: a hunt sees this by its heap, not by counts.
const { serve } = require("./serve.js");

let log = "";

serve((req, res) => {
  log = Buffer.from(log + req.url).toString();
  res.end("ok\n");
});
