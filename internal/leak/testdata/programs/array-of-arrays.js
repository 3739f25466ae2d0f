// leak: rows 1 module variable
const { serve } = require("./serve.js");

const rows = []; // <- rows

serve((req, res) => {
  rows.push([req.url, req.method, new Date()]);
  res.end("ok\n");
});
