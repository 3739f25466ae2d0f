const { EventEmitter } = require('node:events');
const bus = new EventEmitter();
for (let i = 0; i < 5; i++) bus.on('done', () => i);
console.log('listeners', bus.listenerCount('done'));
