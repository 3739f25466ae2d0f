// leak: ready 1 pending promise
const { serve } = require("./serve.js");

const ready = new Promise(() => {}); // <- ready

async function later(url) {
  await ready;
  console.log("later", url);
}

serve((req, res) => {
  later(req.url);
  res.end("ok\n");
});
