// leak: Pool.#taken 1 cache without a limit
const { serve } = require("./serve.js");

class Pool {
  static #taken = new Set(); // <- Pool.#taken

  static take(url) {
    Pool.#taken.add({ url });
  }
}

serve((req, res) => {
  Pool.take(req.url);
  res.end("ok\n");
});
