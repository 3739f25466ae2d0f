// Allocates the same way in an ES module and in CommonJS, a named and an
// unnamed function each.
const kept = [];

function keep(n) {
  for (let i = 0; i < n; i++) kept.push({ id: i, tags: [i, i + 1, i + 2] });
}

function drop(n) {
  let last;
  for (let i = 0; i < n; i++) last = new Array(100).fill(i);
  return last;
}

keep(50_000);
drop(20_000);
import('./module.mjs').then((m) => {
  m.keepToo(50_000);
  process.exit();
});
