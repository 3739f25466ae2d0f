// leak: recent 1 module variable
const { serve } = require("./serve.js");

{
  let recent = []; // <- recent
  serve((req, res) => {
    recent.push({ url: req.url });
    res.end("ok\n");
  });
}
