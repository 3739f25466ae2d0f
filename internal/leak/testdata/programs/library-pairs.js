// leak: sessions 1 cache without a limit
const { serve } = require("./serve.js");
const { Pairs } = require("memo");

const sessions = new Pairs(); // <- sessions
let count = 0;

serve((req, res) => {
  sessions.set(`id-${count++}`, { url: req.url });
  res.end("ok\n");
});
