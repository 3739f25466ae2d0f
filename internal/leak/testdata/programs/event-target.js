// leak: target 1 listener
const { serve } = require("./serve.js");

const target = new EventTarget(); // <- target
require("node:events").setMaxListeners(0, target);

serve((req, res) => {
  target.addEventListener("done", () => console.log(req.url));
  res.end("ok\n");
});
