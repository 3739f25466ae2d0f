// leak: history.head 1 linked list
const { serve } = require("./serve.js");

const history = { head: null }; // <- history.head

serve((req, res) => {
  history.head = { url: req.url, next: history.head };
  res.end("ok\n");
});
