// The middleware counts requests per visitor and forgets nobody.
"use strict";
const express = require("express");

const app = express();

function limitRate(max) {
  const visitors = new Map();
  return function rateLimit(req, res, next) {
    const visitor = `${req.ip}/${visitors.size}`; // a real one: a token, a session
    const entry = visitors.get(visitor) ?? { count: 0, first: new Date() };
    entry.count++;
    visitors.set(visitor, entry);
    if (entry.count > max) return res.status(429).send("slow down\n");
    next();
  };
}

app.use(limitRate(100));
app.get("/", (req, res) => {
  res.send("hello\n");
});

const server = app.listen(Number(process.env.PORT || 0), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/`);
});
