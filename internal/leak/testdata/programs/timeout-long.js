// leak: _ 1 timer
const { serve } = require("./serve.js");

serve((req, res) => {
  const url = req.url;
  setTimeout(() => console.log(url), 3_600_000); // <- _
  res.end("ok\n");
});
