// leak: byRequest 1 cache without a limit
const { serve } = require("./serve.js");

const byRequest = new Map(); // <- byRequest

serve((req, res) => {
  byRequest.set({ url: req.url }, 1);
  res.end("ok\n");
});
