const path = require('node:path');

exports.logs = (name) => ({
  out_file: path.join('logs', `${name}.out.log`),
  error_file: path.join('logs', `${name}.err.log`),
  merge_logs: true,
  log_date_format: 'YYYY-MM-DD HH:mm:ss.SSS Z',
});

exports.restarts = { min_uptime: '30s', max_restarts: 10, restart_delay: 4000, exp_backoff_restart_delay: 100 };
