// An exported array is filled from another module and never emptied.
import serving from "../serve.js";
import { visits } from "./visits.mjs";

serving.serve((req, res) => {
  visits.push({ visited: req.url });
  res.end(`${visits.length} visits\n`);
});
