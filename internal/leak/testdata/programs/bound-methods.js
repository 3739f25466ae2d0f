// leak: hooks 1 module variable
const { serve } = require("./serve.js");

const hooks = []; // <- hooks

class Job {
  constructor(url) {
    this.url = url;
  }

  run() {
    return this.url;
  }
}

serve((req, res) => {
  const job = new Job(req.url);
  hooks.push(job.run.bind(job));
  res.end("ok\n");
});
