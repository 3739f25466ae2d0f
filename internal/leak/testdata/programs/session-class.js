// leak: manager.store.sessions 1 object store
const { serve } = require("./serve.js");

class Session {
  constructor(id) {
    this.id = id;
    this.data = { views: 0 };
  }
}

class MemoryStore {
  constructor() {
    this.sessions = {}; // <- manager.store.sessions
  }

  create(id) {
    return (this.sessions[id] = new Session(id));
  }
}

class Manager {
  constructor(store) {
    this.store = store;
  }

  open(id) {
    return this.store.create(id);
  }
}

const manager = new Manager(new MemoryStore());
let count = 0;

serve((req, res) => {
  res.end(manager.open(`session-${count++}`).id);
});
