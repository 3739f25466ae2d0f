// leak: collector 1 module variable
const { serve } = require("./serve.js");

function* collect() {
  const all = [];
  for (;;) all.push({ url: yield all.length });
}

const collector = collect(); // <- collector
collector.next();

serve((req, res) => {
  collector.next(req.url);
  res.end("ok\n");
});
