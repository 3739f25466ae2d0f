const timer = setInterval(() => {}, 1000);
console.log('timers', process.getActiveResourcesInfo().filter((r) => r === 'Timeout').length);
process.exit();
