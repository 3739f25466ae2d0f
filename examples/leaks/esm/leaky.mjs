// A variable of an ECMAScript module lives as long as the module.
import serving from "../serve.js";

const history = [];

serving.serve((req, res) => {
  history.push({ visited: req.url });
  res.end(`${history.length} visits\n`);
});
