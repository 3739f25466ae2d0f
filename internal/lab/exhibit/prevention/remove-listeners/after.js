const { EventEmitter } = require('node:events');
const bus = new EventEmitter();
for (let i = 0; i < 5; i++) bus.once('done', () => i);
bus.emit('done');
console.log('listeners', bus.listenerCount('done'));
