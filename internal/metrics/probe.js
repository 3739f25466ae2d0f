// The probe: what is measured inside a program. It is evaluated there through
// the inspector, and nothing of it can be reached from the program. read() gives
// the figures as one flat array in JSON, in the order in which decode.go reads
// them; end() takes back all that was put in. A probe that is not read for `ticks`
// ticks ends by itself: its reader was killed. What runs on the program's events
// never throws: that would end the program.
((builtin, later, options) => {
  'use strict';
  const { tick, ticks, series } = options;
  const { PerformanceObserver, monitorEventLoopDelay, performance } = builtin('perf_hooks');
  const v8 = builtin('v8');
  const channels = builtin('diagnostics_channel');
  const undo = [];

  const histogram = (bounds) => ({ counts: new Array(bounds.length + 1).fill(0), sum: 0 });
  const observe = (h, bounds, value) => {
    let i = 0;
    while (i < bounds.length && value > bounds[i]) i++;
    h.counts[i]++;
    h.sum += value;
  };

  // Garbage collections, in seconds. The kinds are V8's GCType.
  const gcBounds = [0.001, 0.01, 0.1, 1, 2, 5];
  const gcKinds = { 1: 'minor', 2: 'minor', 4: 'major', 8: 'incremental', 16: 'weakcb' };
  const gc = {};
  const collected = (entries) => {
    for (const entry of entries) {
      const kind = gcKinds[entry.detail ? entry.detail.kind : entry.kind];
      if (kind) observe(gc[kind] ||= histogram(gcBounds), gcBounds, entry.duration / 1000);
    }
  };
  let observer;
  try {
    observer = new PerformanceObserver((list) => collected(list.getEntries()));
    observer.observe({ entryTypes: ['gc'] });
    undo.push(() => observer.disconnect());
  } catch {} // Deno

  // The delay of the event loop, in nanoseconds, since the last read.
  let delay;
  try {
    delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    undo.push(() => delay.disable());
  } catch {} // Deno
  let lag = 0;

  // HTTP requests, in milliseconds. The bounds hold those of prom-client, taken
  // as milliseconds and as seconds.
  const httpBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000];
  const http = new Map();
  const starts = new WeakMap(); // of requests
  const routes = new WeakMap(); // of requests, where the framework says so early
  const subscribe = (name, handle) => {
    channels.subscribe(name, handle);
    undo.push(() => channels.unsubscribe(name, handle));
  };
  subscribe('http.server.request.start', ({ request }) => starts.set(request, performance.now()));
  subscribe('http.server.response.finish', ({ request, response }) => {
    const start = starts.get(request);
    if (start === undefined) return; // it began before us
    starts.delete(request);
    try {
      observe(histogramOf(String(request.method), routeOf(request), String(response.statusCode)), httpBounds, performance.now() - start);
    } catch {}
  });
  const histogramOf = (method, route, code) => {
    const key = `${method} ${code} ${route}`;
    let h = http.get(key);
    if (h) return h;
    if (http.size >= series && key !== other) return histogramOf('other', 'other', 'other');
    h = Object.assign(histogram(httpBounds), { method, route, code });
    http.set(key, h);
    return h;
  };
  const other = 'other other other';

  // Routes come from the router. What no router knows is not told apart: a path
  // is whatever anybody asks for.
  const unmatched = 'unmatched';
  const longest = 200;
  const routeOf = (request) => {
    let route = unmatched;
    try {
      const noted = routes.get(request);
      routes.delete(request);
      if (typeof noted === 'function') route = noted();
      else if (noted) route = noted;
      else if (request.route && request.route.path !== undefined) route = mountOf(request) + request.route.path;
    } catch {}
    route = typeof route === 'string' || route instanceof RegExp || Array.isArray(route) ? String(route) : unmatched;
    return (route || unmatched).slice(0, longest);
  };

  // Express: baseUrl is a piece of the URL, with the values of parameters in it.
  // Where a router is mounted is found by the way through the layers to it.
  const mounts = new WeakMap(); // of routes: the last mount without parameters
  const mountOf = (request) => {
    const base = request.baseUrl || '';
    if (base === '' || mounts.get(request.route) === base) return base;
    const found = find(request, base);
    if (found === base) mounts.set(request.route, base);
    return found;
  };
  const find = (request, base) => {
    // Mounted applications know where they are mounted.
    let mount = '';
    let rest = base;
    const apps = [];
    for (let app = request.app; app && app.parent; app = app.parent) apps.unshift(app);
    for (const app of apps) {
      if (typeof app.mountpath !== 'string') return '*';
      const depth = app.mountpath.split('/').length - 1;
      mount += app.mountpath === '/' ? '' : app.mountpath;
      rest = app.mountpath === '/' ? rest : rest.split('/').slice(depth + 1).map((s) => '/' + s).join('');
    }
    const router = request.app && (request.app._router || request.app.router);
    const inner = walk(router && router.stack, rest, request.route);
    return inner === undefined ? '*' : mount + inner;
  };
  const walk = (stack, rest, route) => {
    for (const layer of stack || []) {
      if (layer.route) {
        if (layer.route === route && (rest === '' || rest === '/')) return '';
        continue;
      }
      const match = layer.handle && layer.handle.stack && layer.match(rest || '/');
      if (!match) continue;
      const { path, params, pattern } = match === true ? layer : match; // since express 5.2 the match is an object
      const inner = walk(layer.handle.stack, rest.slice(path.length), route);
      if (inner !== undefined) return (path === '' ? '' : typeof pattern === 'string' ? pattern : named(path, params)) + inner;
    }
    return undefined;
  };
  // named puts the names of parameters where their values are.
  const named = (path, params) => {
    const text = (value) => (Array.isArray(value) ? value.join('/') : String(value));
    for (const [name, value] of Object.entries(params || {})) {
      if (value === undefined || text(value) === '') continue;
      const plain = text(value);
      path = (decodeURI(path) + '/').replaceAll(`/${plain}/`, `/:${name}/`).slice(0, -1);
    }
    return path;
  };

  // Fastify tells of itself (since version 5).
  subscribe('tracing:fastify.request.handler:start', ({ request, route }) => {
    if (route && route.url) routes.set(request.raw, route.url);
  });
  // Koa and hapi make an object for each request, where we note how to find the
  // route when the response is sent.
  const frameworks = [
    [/[\\/]koa[\\/]lib[\\/]application\.js$/, (koa) => wrap(koa.prototype, 'createContext', (ctx) =>
      routes.set(ctx.req, () => ctx._matchedRoute || ctx.routerPath || unmatched))],
    [/[\\/]@hapi[\\/]hapi[\\/]lib[\\/]request\.js$/, (hapi) => wrap(hapi, 'generate', (request) =>
      routes.set(request.raw.req, () => (request.route.path === '/{p*}' ? unmatched : request.route.path)))],
  ];
  const wrap = (owner, name, note) => {
    const original = owner[name];
    const wrapped = function (...args) {
      const made = Reflect.apply(original, this, args);
      try { note(made); } catch {}
      return made;
    };
    owner[name] = wrapped;
    undo.push(() => { if (owner[name] === wrapped) owner[name] = original; });
  };
  const cache = builtin('module')._cache || {};
  let modules = 0;
  const seen = new Set();
  const lookForFrameworks = () => {
    const names = Object.keys(cache);
    if (names.length === modules) return;
    modules = names.length;
    for (const name of names) {
      for (const [pattern, use] of frameworks) {
        if (!pattern.test(name) || seen.has(name)) continue;
        if (!cache[name].loaded) {
          modules = 0; // look again
          continue;
        }
        seen.add(name);
        try { use(cache[name].exports); } catch {}
      }
    }
  };

  // Handles, requests and resources by type: their number, and that of each type.
  // Constructors have any name: the number of types is bounded.
  const mostTypes = 50;
  const byType = (list, typeOf) => {
    const types = new Map();
    for (const item of list) {
      let type = typeOf(item);
      if (type === undefined) continue;
      if (!types.has(type) && types.size >= mostTypes) type = 'other';
      types.set(type, (types.get(type) || 0) + 1);
    }
    return [list.length, types.size, ...[...types].flat()];
  };
  const constructorOf = (o) => (o && o.constructor ? String(o.constructor.name) : undefined);

  let ended = false;
  const end = () => {
    if (ended) return;
    ended = true;
    for (const f of undo.reverse()) {
      try { f(); } catch {}
    }
  };
  let missed = 0;
  const timer = setInterval(() => { if (++missed >= ticks) end(); }, tick);
  if (timer.unref) timer.unref();
  undo.push(() => clearInterval(timer));

  function read() {
    try {
      return JSON.stringify(ended ? { ended } : figures());
    } catch (e) {
      return JSON.stringify({ error: String(e) });
    }
  }
  function figures() {
    missed = 0;
    lookForFrameworks();
    const { heapTotal, heapUsed, external, arrayBuffers } = process.memoryUsage();
    const spaces = v8.getHeapSpaceStatistics();
    const f = [process.version, heapTotal, heapUsed, external, arrayBuffers, v8.getHeapStatistics().heap_size_limit, lag, spaces.length];
    for (const s of spaces) {
      f.push(s.space_name.slice(0, s.space_name.indexOf('_space')), s.space_size, s.space_used_size, s.space_available_size);
    }
    f.push(delay ? 1 : 0);
    if (delay) {
      const { count, min, max, mean, stddev } = delay;
      f.push(count, min, max, mean, stddev, delay.percentile(50), delay.percentile(90), delay.percentile(99));
      delay.reset();
    }
    for (const [list, typeOf] of [
      [process.getActiveResourcesInfo, (type) => type],
      [process._getActiveHandles, constructorOf],
      [process._getActiveRequests, constructorOf],
    ]) {
      f.push(list ? 1 : 0);
      if (list) f.push(...byType(list.call(process), typeOf));
    }
    if (observer && observer.takeRecords) collected(observer.takeRecords());
    f.push(Object.keys(gc).length);
    for (const kind in gc) f.push(kind, gc[kind].sum, ...gc[kind].counts);
    f.push(http.size);
    for (const h of http.values()) f.push(h.method, h.route, h.code, h.sum, ...h.counts);
    const start = process.hrtime.bigint();
    later(() => setImmediate(() => { lag = Number(process.hrtime.bigint() - start) / 1e9; }));
    return f;
  }
  lookForFrameworks();
  return { read, end };
})
