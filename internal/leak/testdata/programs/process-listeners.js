// leak: process._events.SIGHUP 1 listener
const { serve } = require("./serve.js");

process.setMaxListeners(0);

serve((req, res) => {
  const url = req.url;
  process.on("SIGHUP", function reload() { // <- process._events.SIGHUP
    console.log("reload", url);
  });
  res.end("ok\n");
});
