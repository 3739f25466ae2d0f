// leak: events 2 module variable
const { serve } = require("./serve.js");

const events = []; // <- events

serve((req, res) => {
  events.push({ type: "start", url: req.url }, { type: "end", at: new Date() });
  res.end("ok\n");
});
