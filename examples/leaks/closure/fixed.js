// The closure keeps a number, not what it has seen.
"use strict";
const { serve } = require("../serve.js");

function createRecorder() {
  let seen = 0;
  return function record() {
    seen += 1;
    return seen;
  };
}

const record = createRecorder();

serve((req, res) => {
  res.end(`${record(req)} requests\n`);
});
