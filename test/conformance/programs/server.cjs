// A server that keeps the user agent of every request in a module array, and
// every request's listener on a shared emitter. Three snapshots: before any
// load, after one round of requests, after another.
'use strict';
const http = require('node:http');
const {EventEmitter} = require('node:events');
const v8 = require('node:v8');
const prefix = process.argv[2];
const rounds = Number(process.argv[3] ?? 200);

const userAgents = [];
const bus = new EventEmitter().setMaxListeners(0);
const sessions = new Map();

class Session {
  #secret;
  constructor(agent) {
    this.#secret = {token: agent + '!'};
    this.created = new Date(0);
  }
  check(t) { return this.#secret.token === t; }
}

const server = http.createServer((req, res) => {
  const agent = req.headers['user-agent'];
  userAgents.push({agent, url: req.url});
  sessions.set(req.url, new Session(agent));
  bus.on('tick', () => agent.length + userAgents.length);
  res.end('ok');
});

const get = (port, n) => new Promise((done, fail) => {
  http.get({port, host: '127.0.0.1', path: '/item/' + n, agent: false,
    headers: {'user-agent': 'visitor-' + n + '-' + 'x'.repeat(n % 50)}},
  res => res.resume().on('end', done)).on('error', fail);
});

server.listen(0, '127.0.0.1', async () => {
  const {port} = server.address();
  await get(port, 0);
  v8.writeHeapSnapshot(prefix + '-1before.heapsnapshot');
  for (let round = 0, n = 1; round < 2; round++) {
    for (let i = 0; i < rounds; i++) await get(port, n++);
    v8.writeHeapSnapshot(prefix + `-${round + 2}after.heapsnapshot`);
  }
  server.close();
});
