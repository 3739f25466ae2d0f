// leak: bus._events.done 1 listener
const { serve } = require("./serve.js");

const { EventEmitter } = require("node:events");

class Bus extends EventEmitter {}

const bus = new Bus(); // <- bus._events.done
bus.setMaxListeners(0);

serve((req, res) => {
  bus.once("done", () => console.log(req.url));
  res.end("ok\n");
});
