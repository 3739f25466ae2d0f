// The last visits only.
import serving from "../serve.js";
import { limit, visits } from "./visits.mjs";

serving.serve((req, res) => {
  visits.push({ visited: req.url });
  if (visits.length > limit) visits.shift();
  res.end(`${visits.length} visits\n`);
});
