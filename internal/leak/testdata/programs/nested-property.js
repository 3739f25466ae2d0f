// leak: app.locals.recent 1 module variable
const { serve } = require("./serve.js");

const app = { name: "shop", locals: { title: "Shop", recent: [] } }; // <- app.locals.recent

serve((req, res) => {
  app.locals.recent.push({ url: req.url });
  res.end("ok\n");
});
