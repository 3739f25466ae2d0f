// leak: sink 1 closure
const { serve } = require("./serve.js");

function collect(sink) { // <- sink
  return (url) => sink.push({ url });
}

const note = collect([]);

serve((req, res) => {
  note(req.url);
  res.end("ok\n");
});
