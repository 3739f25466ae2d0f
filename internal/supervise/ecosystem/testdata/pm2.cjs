// What PM2 makes of a configuration file: node pm2.cjs PM2 FILE [ENV]
'use strict';
process.env.PM2_PROGRAMMATIC = 'true';
const path = require('path');
const [pm2, file, env] = process.argv.slice(2);
const Common = require(path.join(pm2, 'lib/Common.js'));
const fs = require('fs');
const os = require('os');

const parsed = Common.parseConfig(fs.readFileSync(file), file);
let apps = (parsed.default ?? parsed).apps ?? parsed.pm2 ?? parsed;
if (apps.apps) apps = apps.apps;
apps = Common.verifyConfs([].concat(apps));
if (apps instanceof Error) throw apps;
const lines = apps.map((conf) => {
  const app = Common.resolveAppAttributes({ cwd: process.cwd() }, conf);
  const own = { ...conf.env };
  const merged = Common.mergeEnvironmentVariables({ ...app, env: own }, env, {});
  const variables = {};
  for (const name of Object.keys(own)) variables[name] = String(merged[name]);
  if (env && app['env_' + env]) for (const name of Object.keys(app['env_' + env])) variables[name] = String(merged[name]);
  let instances = app.instances;
  if (instances === 0) instances = os.cpus().length;
  if (instances < 0) instances = Math.max(1, instances + os.cpus().length);
  return {
    name: app.name, script: app.pm_exec_path, args: app.args ?? [], nodeArgs: app.node_args ?? [],
    interpreter: path.basename(app.exec_interpreter), dir: app.pm_cwd, env: variables,
    instances: instances === os.cpus().length && conf.instances <= 0 ? 'cpus' : conf.instances < 0 ? 'cpus' + conf.instances : instances,
    cluster: app.exec_mode === 'cluster_mode', maxMemory: app.max_memory_restart ?? 0,
    minUptime: app.min_uptime ?? 1000, maxRestarts: app.max_restarts ?? 16, restartDelay: app.restart_delay ?? 0,
    backoff: app.exp_backoff_restart_delay ?? 0, killTimeout: app.kill_timeout ?? 1600, listenTimeout: app.listen_timeout ?? 3000,
    autoRestart: app.autorestart, cron: app.cron_restart ?? '', out: conf.out_file ?? '', err: conf.error_file ?? '',
    dateFormat: app.log_date_format ?? '', merge: app.merge_logs ?? false, waitReady: app.wait_ready ?? false,
    stopCodes: [].concat(app.stop_exit_codes ?? []), instanceVar: app.instance_var, watch: app.watch ?? false,
  };
});
process.stdout.write(JSON.stringify(lines, null, 2) + '\n', () => process.exit(0));
