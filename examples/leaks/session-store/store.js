"use strict";

class Session {
  constructor(id, address) {
    this.id = id;
    this.address = address;
    this.createdAt = new Date();
  }
}

class SessionStore {
  byId = new Map();

  open(id, address) {
    const session = new Session(id, address);
    this.byId.set(id, session);
    return session;
  }

  close(id) {
    this.byId.delete(id);
  }
}

exports.store = new SessionStore();
