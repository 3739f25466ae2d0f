// A hook writes an entry per request into an array that the plugin decorates
// the server with.
"use strict";
const fastify = require("fastify");

const app = fastify();

async function audit(instance) {
  const auditTrail = [];
  instance.decorate("auditTrail", auditTrail);
  instance.addHook("onRequest", async (request) => {
    auditTrail.push({ method: request.method, url: request.url });
  });
  instance.get("/", async () => `${instance.auditTrail.length} requests\n`);
}

app.register(audit);

async function start() {
  const url = await app.listen({ port: Number(process.env.PORT || 0), host: "127.0.0.1" });
  console.log(`listening on ${url}/`);
}

start();
