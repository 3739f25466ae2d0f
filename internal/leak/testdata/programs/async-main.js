// leak: inbox 1 closure
const { serve } = require("./serve.js");

async function main() {
  const inbox = []; // <- inbox
  await null;
  serve((req, res) => {
    inbox.push({ url: req.url });
    res.end("ok\n");
  });
}

main();
