// healthy
const { serve } = require("./serve.js");

const templates = new Map();

function template(name) {
  if (!templates.has(name)) templates.set(name, { name, parts: name.split("") });
  return templates.get(name);
}

let count = 0;

serve((req, res) => {
  res.end(template(`page-${count++ % 20}`).name);
});
