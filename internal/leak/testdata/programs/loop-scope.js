// leak: bucket 1 closure
const { serve } = require("./serve.js");

const handlers = [];
for (const name of ["only"]) {
  const bucket = []; // <- bucket
  handlers.push((url) => bucket.push({ name, url }));
}

serve((req, res) => {
  handlers[0](req.url);
  res.end("ok\n");
});
