// leak: app.locals.history 1 module variable
const { serve } = require("./serve.js");
const { application } = require("framework");

const app = application();
app.locals.history = []; // <- app.locals.history
app.handler = (req, res) => {
  req.app.locals.history.push({ url: req.url });
  res.end("ok\n");
};

serve((req, res) => app(req, res));
