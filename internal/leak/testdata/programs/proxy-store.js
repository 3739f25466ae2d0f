// leak: store 1 cache without a limit
const { serve } = require("./serve.js");

const target = {};
const store = new Proxy(target, { // <- store
  set(object, key, value) {
    object[key] = value;
    return true;
  },
});
let count = 0;

serve((req, res) => {
  store[`key-${count++}`] = { url: req.url };
  res.end("ok\n");
});
