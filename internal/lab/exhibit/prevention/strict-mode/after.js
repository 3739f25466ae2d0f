'use strict';
function handler() {
  results = [1, 2, 3];
}
handler();
console.log('globalThis.results', globalThis.results);
