// The configuration of a shop with two services and a nightly job.
'use strict';

const os = require('os');
const path = require('path');
const { version } = require('./package.json');
const { logs, restarts } = require('./config/common.cjs');
const limits = require('./config/limits');

const log = process.env.LOG_LEVEL ?? 'info';
const base = {
  cwd: __dirname,
  ...restarts,
  kill_timeout: 5000,
  listen_timeout: 10_000,
};

function service(name, dir, more = {}) {
  return {
    ...base,
    ...logs(name),
    name: `shop-${name}`,
    script: path.join('services', dir),
    env: { NODE_ENV: 'development', LOG_LEVEL: log, VERSION: version, RETRIES: 3, DEBUG: false, FLAGS: { a: 1, b: ['x'] } },
    env_production: { NODE_ENV: 'production', DEBUG: true },
    env_staging: { NODE_ENV: 'staging' },
    ...more,
  };
}

module.exports = {
  apps: [
    service('api', 'api/server.js', {
      instances: 'max',
      exec_mode: 'cluster',
      max_memory_restart: limits.api,
      node_args: ['--max-old-space-size=460', '--enable-source-maps'],
      args: '--port 3000 --title="The Shop" --greeting \'hello world\'',
      wait_ready: true,
      shutdown_with_message: true,
      env_production: { NODE_ENV: 'production', PORT: 80 },
    }),
    service('worker', 'worker/index.js', {
      instances: Math.max(1, Math.min(2, os.cpus().length)),
      exec_mode: 'fork',
      max_memory_restart: limits.worker,
      instance_var: 'WORKER',
      increment_var: 'METRICS_PORT',
      watch: ['services/worker', 'config'],
      ignore_watch: ['node_modules', '\\.git'],
      watch_delay: 1000,
      stop_exit_codes: [0, 3],
    }),
    {
      name: 'backup',
      script: './backup',
      interpreter: 'none',
      cron_restart: '0 3 * * *',
      autorestart: false,
      time: true,
    },
  ],
  deploy: { production: { user: 'node', host: 'shop.example' } },
};
