// leak: undo 1 module variable
const { serve } = require("./serve.js");

const undo = []; // <- undo

serve((req, res) => {
  const url = req.url;
  undo.push(() => console.log("undo", url));
  res.end("ok\n");
});
