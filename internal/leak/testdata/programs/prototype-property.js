// leak: Logger.prototype.lines 1 static field
const { serve } = require("./serve.js");

function Logger(name) {
  this.name = name;
}
Logger.prototype.lines = []; // <- Logger.prototype.lines
Logger.prototype.log = function log(line) {
  this.lines.push({ name: this.name, line });
};

serve((req, res) => {
  new Logger("web").log(req.url);
  res.end("ok\n");
});
