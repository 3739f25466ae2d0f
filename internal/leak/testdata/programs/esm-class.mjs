// leak: Store.items 1 static field
import serving from "./serve.js";

export class Store {
  static items = []; // <- Store.items
}

serving.serve((req, res) => {
  Store.items.push({ url: req.url });
  res.end("ok\n");
});
