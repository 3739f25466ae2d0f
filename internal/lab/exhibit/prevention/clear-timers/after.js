const timer = setInterval(() => {}, 1000);
clearInterval(timer);
console.log('timers', process.getActiveResourcesInfo().filter((r) => r === 'Timeout').length);
