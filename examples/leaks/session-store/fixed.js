// A session ends with its response.
"use strict";
const { randomUUID } = require("node:crypto");
const { serve } = require("../serve.js");
const { store } = require("./store.js");

serve((req, res) => {
  const session = store.open(randomUUID(), req.socket.remoteAddress + req.url);
  res.on("close", () => store.close(session.id));
  res.end(session.id);
});
