// leak: app 1 module variable
const { serve } = require("./serve.js");

const app = { name: "app" }; // <- app
const notes = new WeakMap([[app, []]]);

serve((req, res) => {
  notes.get(app).push({ url: req.url });
  res.end("ok\n");
});
