package rule_test

import (
	"strings"
	"testing"
)

// server puts lines into a handler, with what they use around it.
func server(before, handler string) string {
	return "const http = require('node:http');\n" + before + "\nhttp.createServer((req, res) => {\n" + handler + "\n  res.end();\n});\n"
}

// TestSilence holds what is no finding. Each line would be one without the part
// that makes it fine.
func TestSilence(t *testing.T) {
	for name, src := range map[string]string{
		// accidental-global
		"strict":            "'use strict'; a = 1;",
		"module":            "export {}; a = 1;",
		"asked by typeof":   "if (typeof a === 'undefined') a = 1;",
		"meant":             "globalThis.a = 0; a = 1;",
		"modules asked for": "(function (x) {})(typeof exports === 'object' ? exports : helpers = {});",
		"with":              "with (o) a = 1;",
		"eval":              "function f(s) { eval(s); a = 1; }",
		"property":          "a.b = 1; a[c] = 2;",
		"throws":            "a |= 1; b++;",
		"reads itself":      "a = a || {};",
		"for browsers":      "(function () { Widget = function () { return document.body; }; })();",
		"annex B":           "if (x) { function f() {} } f = 1;",
		"const, read":       "const a = 1; a.b = 2; a[0]++; delete a.c;",
		"const of a loop":   "for (const a of b) ; for (const c in d) ;",
		"shadowed const":    "const a = 1; function f(a) { a = 2; }",
		// grow-only-collection
		"module load":         "const a = []; for (const x of process.argv) a.push(x);",
		"unknown callers":     "const a = []; exports.f = (x) => a.push(x);",
		"shift":               server("const a = [];", "a.push(req); a.shift();"),
		"shift elsewhere":     server("const a = []; setInterval(() => a.splice(0), 9).unref();", "a.push(req);"),
		"length":              server("const a = [];", "a.push(req); a.length = 3;"),
		"replaced":            server("let a = [];", "a.push(req); a = a.slice(-9);"),
		"bounded":             server("const a = [];", "if (a.length < 9) a.push(req);"),
		"bounded by &&":       server("const a = [];", "a.length < 9 && a.push(req);"),
		"of the request":      server("", "const a = []; a.push(req);"),
		"escapes":             server("const a = []; flush(a);", "a.push(req);"),
		"exported":            server("const a = []; module.exports = { a };", "a.push(req);"),
		"a slot":              server("const a = [];", "a[0] = req;"),
		"asked for, few":      server("const a = [];", "if (!a.includes(req.method)) a.push(req.method);"),
		"warnings":            server("const warned = [];", "warned.push(req);"),
		"WeakSet":             server("const a = new WeakSet();", "a.add(req);"),
		"one of the messages": "const a = []; process.on('message', (m) => { switch (m.cmd) { case 'init': a.push(m); } });",
		"a client's route":    "const a = []; $.post('/launch', () => { a.push(1); });",
		"another's field":     server("class S { items = []; add(x) { this.items.push(x); } }\nconst s = new S();", "req.items.push(1);"),
		// unbounded-cache
		"constant key":       server("const a = new Map();", "a.set('last', req);"),
		"few keys":           server("const a = new Map();", "a.set(req.method, 1); a.set(res.statusCode, 2);"),
		"modulo":             server("const a = {}; let n = 0;", "a[n++ % 10] = req;"),
		"flag":               server("const a = {};", "a[req.url] = true;"),
		"delete":             server("const a = {};", "a[req.url] = req; delete a[req.url];"),
		"constant arguments": server("const a = {};\nfunction f(key) { a[key] = 1; }", "f('one'); f('two');"),
		"WeakMap":            server("const a = new WeakMap();", "a.set(req, 1);"),
		"enumeration":        server("const a = {};\nconst KIND = pick();", "a[KIND] = req;"),
		// timers
		"interval, cleared":       server("", "const t = setInterval(f, 9); res.on('close', () => clearInterval(t));"),
		"interval, returned":      server("function start() { return setInterval(f, 9); }", "start();"),
		"interval, unref once":    "setInterval(f, 9).unref();",
		"interval, once":          "setInterval(() => {}, 9);",
		"interval, ours":          server("const setInterval = () => {};", "setInterval(f, 9);"),
		"interval, emptied":       "function f() { let a = []; setInterval(() => { send(a); a = []; }, 9); return (x) => a.push(x); }",
		"interval, another":       "function f() { const a = []; setInterval(() => ping(), 9); return (x) => a.push(x); }",
		"replaced by one":         server("let a = [];", "a = [req.url]; a.push(req);"),
		"replaced, in part":       server("let a = [];", "a = [...a, req.url].slice(-9);"),
		"replaced, one key":       server("let a = {};", "a = { ...a, last: req.url };"),
		"a batch":                 "const a = [];\nbatch.process((item) => { a.push(item); });",
		"used by plugins":         "const a = [];\napp.use((plugin) => { a.push(plugin); });",
		"a command's handler":     "const a = [];\nexports.handler = (argv) => { a.push(argv.x); };",
		"a worker of Node.js":     "const a = [];\nnew Worker('./w.js', { workerData: a });",
		"instance of the request": server("class S { items = []; add(x) { this.items.push(x); } }", "const s = new S(); s.add(req);"),
		"an object's own method":  server("const s = { last: null, add(x) { this.last = x; } };", "s.add(req.url);"),
		"emptied by a method":     "module.exports = { rows: [], handle(req, res) { this.rows.push(req.url); }, drain() { return this.rows.splice(0); } };",
		"another this":            "module.exports = { rows: [], handle(req, res) { load(function () { this.rows.push(req.url); }); } };",
		// listeners
		"of the response":               server("", "res.on('close', () => f(req));"),
		"removed":                       server("const e = new E();", "e.on('x', f); res.on('close', () => e.off('x', f));"),
		"once":                          server("const e = new E();", "e.once('x', () => req);"),
		"once, as an option":            server("const e = new E();", "e.addEventListener('x', () => req, { once: true });"),
		"signal":                        server("const e = new E();", "e.addEventListener('x', () => req, { signal });"),
		"the same function":             server("const e = new E(); function f() {}", "e.addEventListener('x', f);"),
		"made each time":                server("let e;", "e = connect(); e.on('x', () => req);"),
		"made each time, in a property": server("const s = {};", "s.e = connect(); s.e.on('x', () => req);"),
		"asked before":                  server("const e = new E();", "if (e.listenerCount('x') === 0) e.on('x', () => req);"),
		"with a flag":                   server("const e = new E(); let ready = false;", "if (!ready) { ready = true; e.on('x', () => req); }"),
		"of the process, removed":       server("", "process.on('SIGTERM', f); res.on('close', () => process.off('SIGTERM', f));"),
		"of the process, asked before":  server("", "if (!process.listenerCount('SIGTERM')) process.on('SIGTERM', () => req);"),
		"of the process, once":          server("", "process.once('message', () => req);"),
		"of the process, by a start":    server("function start(x) { process.on('SIGTERM', () => x); }", "start(req);"),
		"of another process":            server("", "const process = fork('./work.js'); process.on('exit', () => req);"),
		"one instance":                  "class A { constructor() { bus.on('x', () => this.f()); } }\nconst bus = new E();\nnew A();",
		// promises
		"race of its own":   server("", "const p = new Promise((r) => setTimeout(r, 9)); Promise.race([p, f(req)]);"),
		"settles":           server("const p = new Promise((r) => setTimeout(r, 9));", "p.then(() => req);"),
		"race, resolved":    server("const { promise, resolve } = Promise.withResolvers();", "Promise.race([promise, f(req)]).then(resolve);"),
		"race, exported":    "const { promise, resolve } = Promise.withResolvers();\nexports.stop = resolve;\n" + server("", "Promise.race([promise, f(req)]);"),
		"interval, kept":    server("", "const t = setInterval(f, 9).unref(); res.on('close', () => clearInterval(t));"),
		"race with a timer": server("const p = load();", "Promise.race([p, f(req)]);"),
		// parts
		"short":    server("const a = [];", "const t = read(); a.push(t.slice(0, 8)); a.shift();"),
		"copied":   server("const a = [];", "const t = read(); a.push(Buffer.from(t.slice(0, 80)).toString()); a.shift();"),
		"not kept": server("", "const t = read(); const u = t.slice(0, 80);"),
		// global-as-store
		"emptied":            server("", "globalThis.a.push(req); globalThis.a.shift();"),
		"not the global one": server("const global = {};", "global.a.push(req);"),
		// closures
		"wrapped on purpose": "let f = null; function wrap() { const old = f; f = () => old && old(); }",
		"nothing captured":   "let r = null; function f(u) { const old = r; r = { g: () => u }; return old; }",
	} {
		t.Run(name, func(t *testing.T) {
			for _, f := range check(t, "a.js", src) {
				t.Errorf("%s\n%d: %s: %s", src, f.At.Line, f.Rule, f.Message)
			}
		})
	}
}

// TestTypeScript holds that names which TypeScript declares for others are no
// accidents; the compiler refuses the rest.
func TestTypeScript(t *testing.T) {
	for _, name := range []string{"a.ts", "a.cts", "a.tsx"} {
		for _, f := range check(t, name, "declare var shared: number;\nfunction f(): void { shared = 1; }") {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// TestFound holds what must be found beside what the documentation shows.
func TestFound(t *testing.T) {
	for _, tt := range []struct{ rule, src string }{
		{"accidental-global", "for (i = 0; i < 3; i++) ;"},
		{"accidental-global", "function f() { [a, b] = g(); }"},
		{"const-reassigned", "const a = 1; a++;"},
		{"const-reassigned", "const a = 1; [a] = b;"},
		{"const-reassigned", "for (const i = 0; i < 3; i++) ;"},
		{"grow-only-collection", server("const a = [];", "a?.push(req);")},
		{"grow-only-collection", server("let a = [];", "a = [...a, req.url];")},
		{"grow-only-collection", server("let a = [];", "a = a.concat(req.url);")},
		{"grow-only-collection", server("const s = { a: [] };", "s.a = [req.url, ...s.a];")},
		{"unbounded-cache", server("let a = {};", "a = { ...a, [req.url]: 1 };")},
		{"grow-only-collection", "const a = []; const app = new Koa();\napp.use(async (ctx) => { a.push(ctx.path); });"},
		{"grow-only-collection", "const a = []; const app = new Hono();\napp.use('*', async (c, next) => { a.push(c.req.path); await next(); });"},
		{"grow-only-collection", "const a = [];\nBun.serve({ port: 1, fetch(req) { a.push(req.url); return new Response(); } });"},
		{"grow-only-collection", "const a = [];\nDeno.serve((req) => { a.push(req.url); return new Response(); });"},
		{"grow-only-collection", "const a = [];\nexport default { async fetch(request) { a.push(request.url); return new Response(); } };"},
		{"grow-only-collection", "const a = [];\nexport async function GET(request) { a.push(request.url); return Response.json({}); }"},
		{"grow-only-collection", "const a = [];\nexport const POST = async ({ request }) => { a.push(request.url); };"},
		{"grow-only-collection", "const a = [];\nexports.handler = async (event) => { a.push(event.path); };"},
		{"grow-only-collection", "const a = [];\nmodule.exports = { Query: { user: (parent, args) => { a.push(args.id); } } };"},
		{"grow-only-collection", "const a = [];\nexport const resolvers = { Mutation: { async add(_, { input }) { a.push(input); } } };"},
		{"grow-only-collection", "const a = [];\nnew Worker('mail', async (job) => { a.push(job.data); });"},
		{"grow-only-collection", "const a = [];\nmailQueue.process(async (job) => { a.push(job.data); });"},
		{"grow-only-collection", "const a = [];\nawait consumer.run({ eachMessage: async ({ message }) => { a.push(message.value); } });"},
		{"grow-only-collection", "const a = [];\nchannel.consume('q', (message) => { a.push(message.content); });"},
		{"grow-only-collection", server("const S = class { items = []; add(x) { this.items.push(x); } };\nconst s = new S();", "s.add(req);")},
		{"grow-only-collection", server("const a = [];", "if (!a.includes(req.url)) a.push(req.url);")},
		{"grow-only-collection", server("const state = { log: [] };", "state.log.push(req);")},
		{"grow-only-collection", server("class S { constructor() { this.items = []; } add(x) { this.items.push(x); } }\nconst s = new S();", "s.add(req);")},
		{"grow-only-collection", server("const a = [];\nfunction one(x) { two(x); }\nfunction two(x) { a.unshift(x); }", "one(req);")},
		{"grow-only-collection", "const app = express(); const a = [];\napp.get('/x', check, async (request, response) => { a.push(request.body); });"},
		{"grow-only-collection", "const a = [];\nfunction handle(socket) { socket.on('data', (d) => a.push(d)); }\nserver.on('connection', handle);"},
		{"unbounded-cache", "class S { #all = new Map(); handle = (req, res) => { this.#all.set(req.url, 1); } }\nconst s = new S();\nhttp.createServer(s.handle);"},
		{"unbounded-cache", "class S { static all = {}; static handle = (req, res) => { this.all[req.url] = 1; } }\nhttp.createServer(S.handle);"},
		{"unbounded-cache", server("const a = Object.create(null);", "const { token } = req.headers; a[token] = new Date();")},
		{"unbounded-cache", server("const a = new Map();\nfunction remember(id, x) { a.set(id, x); }", "remember(req.ip, 1);")},
		{"interval-never-cleared", server("", "const t = setInterval(() => req, 9);")},
		{"interval-never-cleared", server("", "setInterval(() => req, 9)?.unref();")},
		{"interval-never-cleared", server("", "const t = setInterval(() => req, 9).unref();")},
		{"timer-closure-grows", "const a = [];\nsetInterval(() => a.push(process.memoryUsage()), 9);"},
		{"listener-in-handler", server("", "process.env.X; stream.on('x', () => req);") + "const stream = open();"},
		{"grow-only-collection", server("const s = { items: [], add(x) { this.items.push(x); } };", "s.add(req.url);")},
		{"grow-only-collection", "module.exports = { rows: [], handle(req, res) { load(() => this.rows.push(req.url)); } };"},
		{"grow-only-collection", "export default { rows: [], handle(req, res) { this.save(req.url); }, save(row) { this.rows.push(row); } };"},
		{"listener-in-handler", server("", "process.on('SIGTERM', () => req);")},
		{"listener-in-handler", server("", "process.once('exit', () => req);")},
		{"listener-never-removed", "class Job { constructor() { process.on('SIGINT', () => this.stop()); } }\n" + server("", "new Job();")},
		{"grow-only-collection", server("const a = [];", "a[a.length] = req;")},
		{"global-as-store", server("process.jobs = process.jobs || [];", "process.jobs.push(req);")},
		{"promise-race-long-lived", server("const { once } = require('node:events');\nconst end = once(process, 'SIGTERM');", "Promise.race([f(req), end]);")},
		{"promise-race-long-lived", server("const { promise: end, resolve } = Promise.withResolvers();\nprocess.once('SIGTERM', () => resolve());", "Promise.race([f(req), end]);")},
		{"slice-keeps-parent", server("const a = new Map();", "const b = Buffer.concat(parts); a.set('k', { head: b.subarray(0, 4) });")},
		{"global-as-store", server("", "global.users.set(req.url, 1);")},
		{"global-as-store", "const app = express();\napp.use((req, res, next) => { app.locals.visits.push(req.ip); next(); });"},
	} {
		found := check(t, "a.js", tt.src)
		if len(found) == 0 || found[0].Rule != tt.rule {
			t.Errorf("%s\n want %s, got %+v", tt.src, tt.rule, found)
		}
		for _, f := range found {
			if strings.Contains(f.Message, "%!") {
				t.Error(f.Message)
			}
		}
	}
}
