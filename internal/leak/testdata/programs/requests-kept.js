// leak: requests 1 module variable
const { serve } = require("./serve.js");

const requests = []; // <- requests

serve((req, res) => {
  requests.push(req);
  res.end("ok\n");
});
