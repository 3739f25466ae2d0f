// leak: visitsByUser 1 cache without a limit
const { serve } = require("./serve.js");

const visitsByUser = new Map(); // <- visitsByUser
let count = 0;

serve((req, res) => {
  const user = `user-${count++}`;
  if (!visitsByUser.has(user)) visitsByUser.set(user, []);
  visitsByUser.get(user).push({ url: req.url });
  res.end("ok\n");
});
