// leak: app.audit.entries 1 module variable
const { serve } = require("./serve.js");
const { instance } = require("framework");

const app = instance();
app.decorate("audit", { entries: [] }); // <- app.audit.entries

serve((req, res) => {
  app.audit.entries.push({ url: req.url });
  res.end("ok\n");
});
