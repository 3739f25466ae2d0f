// leak: Hub.#instance.items 1 object store
const { serve } = require("./serve.js");

class Hub {
  static #instance;

  static get() {
    return (Hub.#instance ??= new Hub());
  }

  items = []; // <- Hub.#instance.items
}

serve((req, res) => {
  Hub.get().items.push({ url: req.url });
  res.end("ok\n");
});
