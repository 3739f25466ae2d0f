// The last visits only.
import serving from "../serve.js";

const history = [];
const limit = 100;

serving.serve((req, res) => {
  history.push({ visited: req.url });
  if (history.length > limit) history.shift();
  res.end(`${history.length} visits\n`);
});
