package leak

// Example is a mistake in a few lines of JavaScript, and the same without it.
type Example struct {
	Before string `json:"before"`
	After  string `json:"after"`
}

// advice is what to change, in words and by an example.
func (c Cause) advice() (string, Example) {
	switch c {
	case ModuleVariable:
		return "A variable of a module lives as long as the process. Remove what is no longer needed, give the array a limit, or keep the data outside the process.", Example{
			`const visits = [];
function handle(req) {
  visits.push({ url: req.url });
}`,
			`const visits = [];
function handle(req) {
  visits.push({ url: req.url });
  if (visits.length > 1000) visits.shift();
}`,
		}
	case AccidentalGlobal:
		return "A property of the global object lives as long as the process. Declare the variable with const or let inside the function that needs it; \"use strict\" turns a missing declaration into an error.", Example{
			`function handle(req) {
  visits = globalThis.visits || [];
  visits.push(req.url);
}`,
			`"use strict";
function handle(req) {
  const visits = [];
  visits.push(req.url);
}`,
		}
	case ClosureContext:
		return "A function keeps every variable that it and its siblings use. Empty or limit the variable, copy out only what the function needs, or drop the function when it is done.", Example{
			`function createRecorder() {
  const seen = [];
  return (req) => seen.push(req.url);
}`,
			`function createRecorder() {
  let seen = 0;
  return () => ++seen;
}`,
		}
	case SharedContext:
		return "All functions made in one call share its variables: one of them uses the previous object, so each object keeps the one before it. Do not let the inner function use it, or set the variable to null at the end of the call.", Example{
			`function replace() {
  const previous = current;
  const unused = () => previous;
  current = { describe: () => "a report" };
}`,
			`function replace() {
  current = createReport();
}
function createReport() {
  return { describe: () => "a report" };
}`,
		}
	case Timer:
		return "A timer keeps its callback and all that it uses until it fires or is cleared. Keep what setTimeout or setInterval returns and clear it when the work ends.", Example{
			`function watch(req) {
  setInterval(() => check(req), 1000);
}`,
			`function watch(req, res) {
  const timer = setInterval(() => check(req), 1000);
  res.on("close", () => clearInterval(timer));
}`,
		}
	case Listener:
		return "An emitter keeps its listeners. Remove the listener when the request ends (off, removeEventListener), use once, or pass { signal }.", Example{
			`function handle(req, res) {
  config.on("change", () => refresh(res));
}`,
			`function handle(req, res) {
  const onChange = () => refresh(res);
  config.on("change", onChange);
  res.on("close", () => config.off("change", onChange));
}`,
		}
	case Cache:
		return "Nothing takes entries out. Give the cache a size and an age (an LRU), delete entries when they are done, or use a WeakMap keyed by an object that goes away.", Example{
			`const pages = new Map();
pages.set(url, render(url));`,
			`const pages = new Map();
pages.set(url, render(url));
if (pages.size > 1000) {
  pages.delete(pages.keys().next().value);
}`,
		}
	case AsyncHook:
		return "The init hook adds an entry for each asynchronous resource. Take it out in the destroy hook, or use AsyncLocalStorage, which keeps no table.", Example{
			`createHook({
  init(id, type) { resources.set(id, type); },
}).enable();`,
			`createHook({
  init(id, type) { resources.set(id, type); },
  destroy(id) { resources.delete(id); },
}).enable();`,
		}
	case PendingPromise:
		return "Each then, await or Promise.race on a promise that never settles stays in its list. Settle the promise, subscribe once, or race it against nothing that lives longer than the request.", Example{
			`await Promise.race([answer(req), stopping]);`,
			`let stopped = false;
stopping.then(() => { stopped = true; }); // once

if (!stopped) await answer(req);`,
		}
	case AsyncStorage:
		return "What is started inside run or after enterWith keeps the store. Clear it when the request ends, or start it outside with AsyncLocalStorage.exit or snapshot.", Example{
			`storage.run({ req }, () => {
  setInterval(flush, 60_000);
});`,
			`storage.run({ req }, () => {
  storage.exit(() => setInterval(flush, 60_000));
});`,
		}
	case SlicedString:
		return "A part of a long string keeps the whole. Copy the part: Buffer.from(part).toString() makes a string of its own.", Example{
			`titles.push(text.slice(0, 20));`,
			`titles.push(Buffer.from(text.slice(0, 20)).toString());`,
		}
	case GrowingString:
		return "The program appends to one string for ever; V8 keeps the pieces as a tree. Write the text out and start a new string, or keep the last part only.", Example{
			`log += line + "\n";`,
			`file.write(line + "\n");`,
		}
	case BufferPart:
		return "Small Buffers from Buffer.from and allocUnsafe are cut from a pool, and subarray and slice are views: each keeps the memory of all. Copy the part into memory of its own.", Example{
			`tokens.push(Buffer.from(token));
heads.push(upload.subarray(0, 16));`,
			`const copy = Buffer.alloc(token.length);
copy.write(token);
tokens.push(copy);
heads.push(Buffer.copyBytesFrom(upload, 0, 16));`,
		}
	case ExternalMemory:
		return "Buffers keep memory outside the JavaScript heap, which heap limits do not see. Drop the buffers when they are used; of a subarray, which keeps the whole, copy the part that is needed.", Example{
			`heads.push(upload.subarray(0, 16));`,
			`heads.push(Buffer.copyBytesFrom(upload, 0, 16));
if (heads.length > 1000) heads.shift();`,
		}
	case InstanceStore:
		return "The object collects what is opened and never closed. Delete the entry where its life ends, on every way out, errors too.", Example{
			`const session = store.open(id);
await work(session);`,
			`const session = store.open(id);
try {
  await work(session);
} finally {
  store.close(id);
}`,
		}
	case StaticField:
		return "A static field lives as long as its class, and that as long as the process. Remove what is no longer needed, give it a limit, or keep the data in an object that goes away.", Example{
			`class Metrics {
  static samples = [];
  static record(s) { Metrics.samples.push(s); }
}`,
			`class Metrics {
  static total = 0;
  static record(s) { Metrics.total += s.value; }
}`,
		}
	case OpenConnections:
		return "Connections are opened and not closed. End or destroy them, set a timeout, reuse an agent.", Example{
			`const socket = net.connect(port);
socket.write(message);`,
			`const socket = net.connect(port);
socket.setTimeout(5000, () => socket.destroy());
socket.end(message);`,
		}
	case LinkedList:
		return "Each element keeps the next one. Cut the reference to elements that are done.", Example{
			`head = { value, next: head };`,
			`head = { value, next: head };
if (++length > 1000) dropLast();`,
		}
	default:
		return "Look at the retaining path: the first reference marked ~~~ that should not be there is the one to cut.", Example{}
	}
}
