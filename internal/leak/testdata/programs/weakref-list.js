// leak: sessions 1 module variable
// The targets go, the references to them do not.
const { serve } = require("./serve.js");

const sessions = []; // <- sessions

serve((req, res) => {
  sessions.push(new WeakRef({ url: req.url }));
  res.end("ok\n");
});
