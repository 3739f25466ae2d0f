// record closes over seen: as long as record lives, seen only grows.
"use strict";
const { serve } = require("../serve.js");

function createRecorder() {
  const seen = [];
  return function record(req) {
    seen.push({ method: req.method, url: req.url });
    return seen.length;
  };
}

const record = createRecorder();

serve((req, res) => {
  res.end(`${record(req)} requests\n`);
});
