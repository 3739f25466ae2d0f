// leak: entries 1 module variable
const { serve } = require("./serve.js");

const { entries, limit } = { entries: [], limit: 10 }; // <- entries

serve((req, res) => {
  entries.push({ url: req.url, limit });
  res.end("ok\n");
});
