// leak: sessions 1 cache without a limit
const { serve } = require("./serve.js");

const sessions = {}; // <- sessions

serve((req, res) => {
  sessions[Symbol(req.url)] = true;
  res.end("ok\n");
});
