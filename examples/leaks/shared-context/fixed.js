// What a closure needs is copied out of previous before the closure is made.
"use strict";
const { serve } = require("../serve.js");

let report = null;

function createReport(url) {
  return {
    url,
    lines: new Array(20).fill(url),
    describe: function describe() {
      return `a report on ${url}`;
    },
  };
}

serve((req, res) => {
  const previousURL = report && report.url;
  const audit = function audit() {
    return previousURL;
  };
  report = createReport(req.url);
  res.end(`${report.describe()} ${audit.length}\n`);
});
