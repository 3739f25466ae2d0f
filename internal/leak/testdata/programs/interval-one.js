// healthy
const { serve } = require("./serve.js");

let ticks = 0;
setInterval(() => ticks++, 5);

serve((req, res) => {
  res.end(`${ticks}\n`);
});
