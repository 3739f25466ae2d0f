// leak: Registry.known 1 static field
const { serve } = require("./serve.js");

class Registry {
  static known; // <- Registry.known
  static {
    Registry.known = [];
  }
}

serve((req, res) => {
  Registry.known.push({ url: req.url });
  res.end("ok\n");
});
