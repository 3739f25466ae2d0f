// leak: contexts 1 module variable
const { serve } = require("./serve.js");

const { AsyncLocalStorage } = require("node:async_hooks");
const storage = new AsyncLocalStorage();
const contexts = []; // <- contexts

serve((req, res) => {
  storage.run({ url: req.url }, () => contexts.push(storage.getStore()));
  res.end("ok\n");
});
