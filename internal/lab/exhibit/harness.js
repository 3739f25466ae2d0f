// Calls a program in rounds and prints what is in use after each, collected until
// it settles, as a line of JSON.
const { writeSync } = require('node:fs');
const [, , file, rounds, calls] = process.argv;
const { setImmediate: turn } = require('node:timers/promises');

async function settled() {
  let used;
  for (let n = 0; n < 6; n++) {
    global.gc();
    // Finalizers, destroy hooks and the memory of buffers need turns of their own.
    await turn();
    await turn();
    used = process.memoryUsage();
  }
  return used;
}

(async () => {
  const once = require(file);
  let i = 0;
  const samples = [];
  for (let round = 0; round <= Number(rounds); round++) {
    for (let n = 0; n < Number(calls); n++) await once({ id: i++ }, { end() {} });
    const { heapUsed, external, arrayBuffers } = await settled();
    samples.push({ heapUsed, external, arrayBuffers });
  }
  writeSync(1, JSON.stringify({ node: process.version, poolSize: Buffer.poolSize, samples }));
  process.exit(0);
})();
