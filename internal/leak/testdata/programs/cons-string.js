// leak: log 1 growing string
const { serve } = require("./serve.js");

let log = ""; // <- log
let count = 0;

serve((req, res) => {
  log += `${count++} ${req.url} ${req.headers["user-agent"]}\n`;
  res.end("ok\n");
});
