// Sessions are opened and never closed.
"use strict";
const { randomUUID } = require("node:crypto");
const { serve } = require("../serve.js");
const { store } = require("./store.js");

serve((req, res) => {
  const session = store.open(randomUUID(), req.socket.remoteAddress + req.url);
  res.end(session.id);
});
