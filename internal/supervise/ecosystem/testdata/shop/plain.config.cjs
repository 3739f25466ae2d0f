#!/usr/bin/env node
// One app, without a list; a command with blanks; a program on the PATH.
const apps = [
  { script: 'npm', args: 'run start -- --port 3000', name: 'web' },
  { script: 'node app.js | cat', name: 'pipe' },
  { script: 'app.js', port: 8080, filter_env: ['SECRET', 'TOKEN'] },
];
module.exports = { apps };
