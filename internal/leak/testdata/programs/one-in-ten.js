// leak: errors 0.1 module variable
const { serve } = require("./serve.js");

const errors = []; // <- errors
let count = 0;

serve((req, res) => {
  if (count++ % 10 == 0) errors.push({ url: req.url });
  res.end("ok\n");
});
