// leak: timeouts 1 cache without a limit
const { serve } = require("./serve.js");

const timeouts = new Map(); // <- timeouts
let count = 0;

serve((req, res) => {
  const id = count++;
  const timeout = setTimeout(() => console.log(id), 1000);
  clearTimeout(timeout);
  timeouts.set(id, timeout);
  res.end("ok\n");
});
