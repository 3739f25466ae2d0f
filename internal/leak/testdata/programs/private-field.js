// leak: cart.#items 1 object store
const { serve } = require("./serve.js");

class Cart {
  #items = []; // <- cart.#items

  add(url) {
    this.#items.push({ url });
    return this.#items.length;
  }
}

const cart = new Cart();

serve((req, res) => {
  res.end(`${cart.add(req.url)}\n`);
});
