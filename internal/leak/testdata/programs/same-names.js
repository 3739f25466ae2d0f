// leak: items 1 closure
const { serve } = require("./serve.js");

function one() {
  const items = [];
  return () => items.length;
}

function two() {
  const items = []; // <- items
  return (url) => items.push({ url });
}

const count = one();
const add = two();

function three() {
  const items = [];
  return () => items.pop();
}

const take = three();

serve((req, res) => {
  add(req.url);
  res.end(`${count()} ${take()}\n`);
});
