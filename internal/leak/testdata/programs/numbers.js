// healthy: numbers are no objects, a hunt sees this by its heap
const { serve } = require("./serve.js");

const times = []; // <- times

serve((req, res) => {
  times.push(performance.now());
  res.end("ok\n");
});
