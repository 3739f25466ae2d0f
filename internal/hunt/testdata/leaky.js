// Keeps every body that is posted to it.
const http = require("node:http");

const bodies = [];

http.createServer((req, res) => {
  let text = "";
  req.on("data", (part) => (text += part));
  req.on("end", () => {
    bodies.push({ text, at: Date.now() });
    res.end("kept\n");
  });
}).listen(0, "127.0.0.1", () => console.log("ready to keep"));
