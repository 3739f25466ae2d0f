// leak: visitsByUser 1 cache without a limit
const { serve } = require("./serve.js");

const visitsByUser = new Map(); // <- visitsByUser
for (let i = 0; i < 16; i++) visitsByUser.set(`user-${i}`, []);
let count = 0;

serve((req, res) => {
  visitsByUser.get(`user-${count++ % 16}`).push({ url: req.url });
  res.end("ok\n");
});
