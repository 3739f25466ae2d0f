// leak: tracker.points 1 object store
const { serve } = require("./serve.js");

function Tracker() {
  this.points = []; // <- tracker.points
}

Tracker.prototype.add = function add(url) {
  this.points.push({ url });
};

const tracker = new Tracker();

serve((req, res) => {
  tracker.add(req.url);
  res.end("ok\n");
});
