// leak: times bytes module variable
const { serve } = require("./serve.js");

const times = []; // <- times

serve((req, res) => {
  for (let i = 0; i < 40; i++) times.push(performance.now());
  res.end("ok\n");
});
