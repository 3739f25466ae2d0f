// healthy
const { serve } = require("./serve.js");

const http = require("node:http");
const agent = new http.Agent({ keepAlive: true });
const backend = http.createServer((req, res) => res.end("data"));
backend.listen(0, "127.0.0.1");

serve((req, res) => {
  http.get({ port: backend.address().port, host: "127.0.0.1", agent }, (answer) => answer.pipe(res));
});
