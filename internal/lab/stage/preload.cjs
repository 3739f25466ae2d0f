// Runs before a program: turns its stage comments into calls, and writes the memory
// at each call, and the garbage collections since the last, as lines of JSON to
// descriptor 3.
const Module = require('node:module');
const { writeSync } = require('node:fs');
const { performance } = require('node:perf_hooks');
const { pathToFileURL } = require('node:url');

const collections = require('./collections.cjs')(require('node:v8'));

const main = process.env.PLUMB_LAB_MAIN;
delete process.env.PLUMB_LAB_MAIN;
const mark = /^([ \t]*)\/\/ stage: *(.+?)[ \t\r]*$/gm;
const marked = (source) => String(source).replace(mark, (_, space, name) => `${space}plumbStage(${JSON.stringify(name)});`);

globalThis.plumbStage = (name) => {
  const at = performance.now(), memory = process.memoryUsage();
  writeSync(3, JSON.stringify({ stage: String(name), at, memory, collections: collections.take() }) + '\n');
  collections.start();
};

const compile = Module.prototype._compile;
Module.prototype._compile = function (content, filename, ...rest) {
  return compile.call(this, filename === main ? marked(content) : content, filename, ...rest);
};
if (Module.registerHooks) {
  const address = pathToFileURL(main).href;
  Module.registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      return url === address && loaded.format === 'module' ? { ...loaded, source: marked(Buffer.from(loaded.source)) } : loaded;
    },
  });
}

let ended = false;
process.on('beforeExit', () => {
  if (ended) return;
  ended = true;
  plumbStage('(end of the program)');
  global.gc();
  plumbStage('(collected)');
});
plumbStage('(before the program)');
