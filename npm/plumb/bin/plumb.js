#!/usr/bin/env node
// The command plumb, as npm installs it: it becomes the program for this system, which is
// in a package of its own, or, where Node.js cannot become another program, stands in for
// it: the same streams, signals and exit code.
'use strict';

const name = `@plumb-dev/${process.platform}-${process.arch}`;
let program;
try {
  program = require.resolve(`${name}/bin/plumb`);
} catch {
  const known = Object.keys(require('../package.json').optionalDependencies);
  console.error(`error: plumb: the package ${name} is not installed`);
  console.error(known.includes(name)
    ? 'hint: install without --omit=optional, on the system that plumb is to run on'
    : `hint: npm has plumb for ${known.map((k) => k.slice(11)).join(', ')}; or: go install github.com/plumb-dev/plumb/cmd/...@latest`);
  process.exit(2);
}

const args = process.argv.slice(2);
if (process.execve) { // Node.js 22.15, 23.11
  try {
    process.execve(program, [program, ...args], process.env);
  } catch {
    // Not where Node.js's permission model forbids it.
  }
}

const child = require('node:child_process').spawn(program, args, { stdio: 'inherit' });
// What a terminal sends goes to both of us. plumb takes a second one as "at once", so that
// it is not passed on.
const terminal = [0, 1, 2].some((fd) => require('node:tty').isatty(fd));
for (const signal of ['SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGTERM', 'SIGUSR2']) {
  process.on(signal, () => {
    if (!terminal || signal === 'SIGTERM' || signal === 'SIGUSR2') child.kill(signal);
  });
}
child.on('error', (error) => {
  console.error(`error: plumb: run ${program}: ${error.message}`);
  console.error(`hint: install ${name} anew`);
  process.exit(2);
});
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
