// leak: workers[x].done 1 object store
const { serve } = require("./serve.js");

class Crew {
  done = []; // <- workers[x].done
}

const workers = [new Crew(), new Crew()];

serve((req, res) => {
  workers[0].done.push({ url: req.url });
  res.end("ok\n");
});
