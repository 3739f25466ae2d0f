// leak: failures 1 module variable
const { serve } = require("./serve.js");

const failures = []; // <- failures

serve((req, res) => {
  try {
    JSON.parse("{");
  } catch (err) {
    failures.push(err);
  }
  res.end("ok\n");
});
