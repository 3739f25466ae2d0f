// leak: visits 1 module variable
import serving from "./serve.js";

const kept = []; // <- visits

serving.serve((req, res) => {
  kept.push({ url: req.url });
  res.end("ok\n");
});

export { kept as visits };
