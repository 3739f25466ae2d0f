// All closures of one call share one context. audit is never used, yet it puts
// previous into the context that describe keeps: a chain through every report.
"use strict";
const { serve } = require("../serve.js");

let report = null;

function replaceReport(url) {
  const previous = report;
  const audit = function audit() {
    return previous && previous.url;
  };
  report = {
    url,
    lines: new Array(20).fill(url),
    describe: function describe() {
      return `a report on ${url}`;
    },
  };
  return audit.length;
}

serve((req, res) => {
  replaceReport(req.url);
  res.end(`${report.describe()}\n`);
});
