// leak: seen 1 cache without a limit
const { serve } = require("./serve.js");

const seen = new Set(); // <- seen
let count = 0;

serve((req, res) => {
  seen.add(`visitor ${count++}`);
  res.end("ok\n");
});
