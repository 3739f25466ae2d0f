// leak: answers 1 module variable
const { serve } = require("./serve.js");

const answers = []; // <- answers

serve((req, res) => {
  answers.push(new Promise((resolve) => setImmediate(resolve, { url: req.url })));
  res.end("ok\n");
});
