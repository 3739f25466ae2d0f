// healthy
const { serve } = require("./serve.js");

const jobs = [];

function work() {
  while (jobs.length > 0) jobs.shift().run();
}

serve((req, res) => {
  jobs.push({ url: req.url, run: () => res.end("ok\n") });
  setImmediate(work);
});
