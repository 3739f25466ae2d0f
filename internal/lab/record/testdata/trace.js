// References, a function that captures, a cycle, a timer, code after await.
let user = { name: 'Ada', age: 36, ratio: 0.5, tags: ['a', 'b'] };
let admin = user;
user = null;

function counter() {
  let n = 0;
  return () => ++n;
}
const count = counter();
count();

let one = { label: 'one' };
one.self = one;
one = null;
admin = null;

const seen = new Map([['key', new Set([1])]]);
setTimeout(async () => {
  await null;
  seen.clear();
  console.log('end', count());
}, 1);
