// leak: render 1 cache without a limit
const { serve } = require("./serve.js");
const { remember } = require("memo");

const render = remember((url) => ({ url })); // <- render
let count = 0;

serve((req, res) => {
  res.end(render(`${req.url}?${count++}`).url);
});
