// Fills a heap with what a server keeps, and writes a snapshot of it.
'use strict';
class Session {
  constructor(n) {
    this.id = 's' + n;
    this.user = {name: 'user ' + n, email: `user${n}@example.com`, roles: ['reader', 'role' + n % 7]};
    this.created = new Date(n);
    this.scores = [n / 3, n / 7, {best: n / 11, history: [n, 'first']}];
    this.onClose = () => this.id + n;
  }
}
const sessions = new Map(), log = [], details = new WeakMap(), agents = new Set();
let newest = null;
for (let n = 0; n < 42000; n++) {
  const session = new Session(n);
  sessions.set(session.id, session);
  log.push({at: n, text: 'request ' + n + ' of ' + session.user.name, session, tags: ['t' + n, 'common']});
  if (n % 10 === 0) details.set(session, {plan: 'p' + n, limits: {cpu: n + 0.5}});
  agents.add('Mozilla/5.0 (X11; Linux x86_64) agent/' + n);
  newest = {before: newest, n: 'n' + n};
}
globalThis.kept = {sessions, log, details, agents, newest};
require('v8').writeHeapSnapshot(process.argv[1]);
