'use strict';
// plumb's agent: loaded with --require by every Node.js process below a wrapper
// such as npm. In the first one that is no wrapper itself it opens the inspector
// at a free port of this machine, under a secret address, and tells plumb that
// address through a Unix socket beside this file. When plumb goes, the socket
// closes, and with it the inspector. Nothing else of the program is touched.
(() => {
  const { isMainThread } = require('worker_threads');
  if (!isMainThread) return;
  const fs = require('fs');
  const path = require('path');

  // Programs that start the program that is meant.
  const tools = /^(npm|npx|yarn|yarnpkg|pnpm|pnpx|corepack|yarn-[\d.]+)(-cli)?(\.[cm]?js)?$/;
  const packages = /[\\/]node_modules[\\/](npm|yarn|pnpm|corepack|tsx|nodemon|cross-env|env-cmd|dotenv-cli|concurrently|ts-node-dev|npm-run-all2?|turbo|nx|lerna)[\\/]/;
  const given = process.argv[1] || '';
  let script = given;
  try { script = fs.realpathSync(given); } catch {}
  if (tools.test(path.basename(given)) || tools.test(path.basename(script)) || packages.test(script)) return;

  // npm runs "prestart" before "start": the program that is meant comes later.
  const [, event] = /^pre(.+)$/.exec(process.env.npm_lifecycle_event || '') || [];
  if (event) {
    try {
      const { scripts } = JSON.parse(fs.readFileSync(process.env.npm_package_json || 'package.json', 'utf8'));
      if (scripts && scripts[event]) return;
    } catch {}
  }

  // What the program starts is none of our business.
  const options = (process.env.NODE_OPTIONS || '').replace(/ ?--require "[^"]*plumb-agent[^"]*" --inspect-publish-uid=stderr/, '');
  if (options) process.env.NODE_OPTIONS = options;
  else delete process.env.NODE_OPTIONS;

  const inspector = require('inspector');
  let opened = false;
  if (!inspector.url()) {
    inspector.open(0, '127.0.0.1');
    opened = true;
  }
  const socket = require('net').connect(path.join(__dirname, 'agent.sock'), () => {
    socket.write(JSON.stringify({ pid: process.pid, url: inspector.url() }) + '\n');
  });
  socket.unref();
  socket.on('error', () => {});
  socket.on('close', () => { if (opened) inspector.close(); });
  socket.resume();
})();
