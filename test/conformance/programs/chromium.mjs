// Drives Chromium over a pipe and captures a page with detached nodes, event
// handlers and console references: before and after, with numbers exposed, and
// with an allocation timeline and stacks.
//   node chromium.mjs PREFIX [BROWSER]
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {pathToFileURL, fileURLToPath} from 'node:url';

const [prefix, browser = '/usr/bin/chromium'] = process.argv.slice(2);
const page = pathToFileURL(path.join(path.dirname(fileURLToPath(import.meta.url)), 'page.html')).href;
const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'plumb-chromium-'));
const child = spawn(browser, ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-extensions', '--user-data-dir=' + profile, '--remote-debugging-pipe', 'about:blank'],
{stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe']});
child.on('exit', code => { if (!done) { console.error('chromium ended with', code); process.exit(1); } });
child.on('error', e => { console.error('chromium did not start:', e.message); process.exit(1); });

let done = false, next = 1, chunks = null, rest = [];
const waiting = new Map(), listeners = new Map();
const once = method => new Promise(resolve => listeners.set(method, resolve));
child.stdio[4].on('data', data => {
  for (let end; (end = data.indexOf(0)) >= 0; data = data.subarray(end + 1)) {
    rest.push(data.subarray(0, end));
    receive(JSON.parse(Buffer.concat(rest).toString()));
    rest = [];
  }
  if (data.length) rest.push(data);
});
function receive(m) {
  if (m.id) {
    const {resolve, reject, method} = waiting.get(m.id);
    waiting.delete(m.id);
    m.error ? reject(new Error(`${method}: ${m.error.message}`)) : resolve(m.result);
  } else if (m.method === 'HeapProfiler.addHeapSnapshotChunk') fs.writeSync(chunks, m.params.chunk);
  else { listeners.get(m.method)?.(m.params); listeners.delete(m.method); }
}
let sessionId;
const call = (method, params = {}) => new Promise((resolve, reject) => {
  waiting.set(next, {resolve, reject, method});
  child.stdio[3].write(JSON.stringify({id: next++, method, params, sessionId}) + '\0');
});
async function capture(name, method = 'HeapProfiler.takeHeapSnapshot', params = {}) {
  chunks = fs.openSync(`${prefix}-${name}.heapsnapshot`, 'w');
  await call(method, params);
  fs.closeSync(chunks);
}
const run = expression => call('Runtime.evaluate', {expression, awaitPromise: true});

const {targetInfos} = await call('Target.getTargets');
const {targetId} = targetInfos.find(t => t.type === 'page');
sessionId = (await call('Target.attachToTarget', {targetId, flatten: true})).sessionId;
await call('Page.enable');
await call('Runtime.enable');  // keeps what the page logs alive, as an open console does
await call('HeapProfiler.enable');
const loaded = once('Page.loadEventFired');
await call('Page.navigate', {url: page});
await loaded;
await capture('1before');
await run('churn(60)');
await capture('2after');
await capture('3numbers', undefined, {captureNumericValue: true});
await call('HeapProfiler.startTrackingHeapObjects', {trackAllocations: true});
await run('churn(30)');
await capture('4stacks', 'HeapProfiler.stopTrackingHeapObjects');
await call('HeapProfiler.startTrackingHeapObjects', {trackAllocations: false});
for (let i = 0; i < 4; i++) await run('churn(15); new Promise(r => setTimeout(r, 120))');
await capture('5timeline', 'HeapProfiler.stopTrackingHeapObjects');
done = true;
sessionId = undefined;
await call('Browser.close').catch(() => {});
await new Promise(resolve => child.exitCode === null ? child.once('exit', resolve) : resolve());
fs.rmSync(profile, {recursive: true, force: true, maxRetries: 5, retryDelay: 100});
