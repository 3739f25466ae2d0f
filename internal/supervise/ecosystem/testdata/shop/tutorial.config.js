module.exports = {
  apps : [{
    name: 'app_name',
    script: 'app.js',

    max_memory_restart: '400M'
  }]
}
