// leak: queue 1 module variable
const { serve } = require("./serve.js");

const queue = []; // <- queue

async function* produce(url) {
  yield url;
  yield `${url} again`;
}

serve(async (req, res) => {
  const items = produce(req.url);
  await items.next();
  queue.push(items);
  res.end("ok\n");
});
