// Answers questions about snapshots with the engine of Chrome DevTools, in the
// words of plumb's JSON. One question per input line, {"ask": NAME, ...}; one
// answer per output line, {"answer": ...} or {"error": TEXT}.
//   {"ask": "load", "file": PATH, "as": NAME}   then "of": NAME in the others
import fs from 'node:fs';
import readline from 'node:readline';
import {MessageChannel} from 'node:worker_threads';
import {HeapSnapshotLoader, SecondaryInitManager} from './devtools.mjs';
import {questions} from './questions.mjs';

console.warn = console.log = () => {};  // "N nodes are unreachable from the root"

const snapshots = new Map();

async function load(file) {
  const loader = new HeapSnapshotLoader(undefined);
  for await (const chunk of fs.createReadStream(file, {encoding: 'utf8', highWaterMark: 10e6})) {
    loader.write(chunk);
    await new Promise(setImmediate);  // the loader takes each chunk before the next
  }
  loader.close();
  await loader.parsingComplete;
  // DevTools gives a part of the work to a second worker; the same thread will do.
  const {port1, port2} = new MessageChannel();
  new SecondaryInitManager(port2);
  const snapshot = await loader.buildSnapshot(port1);
  port1.close();
  return snapshot;
}

async function answer({ask, as, of, base, file, ...rest}) {
  if (ask === 'load') {
    snapshots.set(as, await load(file));
    return snapshots.get(as).nodeCount;
  }
  if (ask === 'forget') return snapshots.delete(of);
  if (!Object.hasOwn(questions, ask)) throw new Error(`no question ${ask}`);
  return questions[ask](snapshots.get(of), {...rest, base: snapshots.get(base)}) ?? null;
}

for await (const line of readline.createInterface({input: process.stdin})) {
  let reply;
  try {
    reply = {answer: await answer(JSON.parse(line))};
  } catch (e) {
    reply = {error: String(e?.message ?? e)};
  }
  fs.writeSync(1, JSON.stringify(reply) + '\n');
}
