// leak: list.tail 1 linked list
const { serve } = require("./serve.js");

class List {
  constructor() {
    this.tail = null; // <- list.tail
  }

  push(value) {
    this.tail = { value, before: this.tail };
  }
}

const list = new List();

serve((req, res) => {
  list.push(req.url);
  res.end("ok\n");
});
