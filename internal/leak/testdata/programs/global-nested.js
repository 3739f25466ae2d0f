// leak: globalThis.shop.carts.open 1 global variable
const { serve } = require("./serve.js");

global.shop = { carts: { open: [] } }; // <- globalThis.shop.carts.open

serve((req, res) => {
  shop.carts.open.push({ url: req.url });
  res.end("ok\n");
});
