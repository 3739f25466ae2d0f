// What each line below is for stands behind it: the verdict that snapshots must
// bring, after requests for / alone.
const http = require("node:http");
const { EventEmitter } = require("node:events");

const bus = new EventEmitter();
bus.setMaxListeners(0);
const audit = [];
const pages = new Map();
const admins = new Map();

class Store {
  items = [];
  static seen = new Set();

  add(item) {
    this.items.push(item); // confirmed
  }
}

const store = new Store();

function createSampler() {
  const samples = [];
  setInterval(() => console.log(samples.length), 3_600_000); // confirmed
  return (url) => samples.push({ url });
}

const sample = createSampler();
const stopping = new Promise((resolve) => process.once("SIGTERM", resolve));

const server = http.createServer((req, res) => {
  audit.push({ url: req.url }); // confirmed
  store.add({ url: req.url });
  sample(req.url);
  pages.set(req.url, { html: "<p>" }); // cleared
  Store.seen.add(req.url); // cleared
  bus.on("change", () => console.log(req.url)); // confirmed
  stopping.then(() => console.log(req.url)); // confirmed
  setInterval(() => console.log(req.url), 3_600_000); // confirmed
  if (req.url === "/admin") admins.set(req.headers.cookie, {}); // not seen
  last = { url: req.url }; // cleared
  res.end("ok\n");
});

server.listen(Number(process.env.PORT || 0), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/`);
});
