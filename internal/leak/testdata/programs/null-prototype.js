// leak: index 1 cache without a limit
const { serve } = require("./serve.js");

const index = Object.create(null); // <- index
let count = 0;

serve((req, res) => {
  index[`key-${count++}`] = { url: req.url };
  res.end("ok\n");
});
