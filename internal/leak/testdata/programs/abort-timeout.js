// healthy
const { serve } = require("./serve.js");

serve((req, res) => {
  const signal = AbortSignal.timeout(20);
  signal.addEventListener("abort", () => res.destroyed, { once: true });
  res.end("ok\n");
});
