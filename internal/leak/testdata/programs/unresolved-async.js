// leak: waiting 1 module variable
const { serve } = require("./serve.js");

const waiting = []; // <- waiting

async function approve(url) {
  await new Promise((resolve) => waiting.push(resolve));
  console.log("approved", url);
}

serve((req, res) => {
  approve(req.url);
  res.end("ok\n");
});
