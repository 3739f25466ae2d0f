// leak: store 1 cache without a limit
const { serve } = require("./serve.js");

const store = new Proxy({}, {}); // <- store
let count = 0;

serve((req, res) => {
  store[`key-${count++}`] = { url: req.url };
  res.end("ok\n");
});
