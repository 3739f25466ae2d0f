// healthy
const { serve } = require("./serve.js");

serve((req, res) => {
  setTimeout(() => res.end("ok\n"), 1);
});
