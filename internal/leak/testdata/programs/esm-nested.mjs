// leak: store.items 1 module variable
import serving from "./serve.js";

export const store = { items: [] }; // <- store.items

serving.serve((req, res) => {
  store.items.push({ url: req.url });
  res.end("ok\n");
});
