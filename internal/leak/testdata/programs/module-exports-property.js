// leak: entries 1 module variable
const { serve } = require("./serve.js");

module.exports = {
  limit: 10,
  entries: [], // <- entries
};

serve((req, res) => {
  module.exports.entries.push({ url: req.url });
  res.end("ok\n");
});
