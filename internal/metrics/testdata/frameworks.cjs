'use strict';
// The same four routes in each framework: one at the top, one in a router below
// two others, one in a router below a parameter, and nothing else.
const path = require('path');
const use = (name) => require(path.join(process.env.MODULES, name));
const listening = (port) => console.log(`listening on http://127.0.0.1:${port}`);

const express = () => {
  const express = use('express');
  const app = express();
  const ok = (req, res) => res.send('ok');
  const v1 = express.Router().get('/items/:id', ok);
  const sub = express();
  sub.use('/v1', v1);
  app.get('/users/:id', ok);
  app.use('/api', sub);
  app.use('/shops/:shop', express.Router().get('/items/:id', ok));
  const server = app.listen(0, '127.0.0.1', () => listening(server.address().port));
};

const frameworks = {
  express4: express,
  express5: express,
  fastify: () => {
    const app = use('fastify')();
    const ok = async () => 'ok';
    app.get('/users/:id', ok);
    app.register(async (api) => { api.get('/items/:id', ok); }, { prefix: '/api/v1' });
    app.get('/shops/:shop/items/:id', ok);
    app.listen({ port: 0, host: '127.0.0.1' }).then(() => listening(app.server.address().port));
  },
  koa: () => {
    const Koa = use('koa');
    const Router = use('@koa/router');
    const ok = (ctx) => { ctx.body = 'ok'; };
    const app = new Koa();
    const api = new Router({ prefix: '/api/v1' }).get('/items/:id', ok);
    const router = new Router().get('/users/:id', ok).get('/shops/:shop/items/:id', ok);
    app.use(router.routes()).use(api.routes());
    const server = app.listen(0, '127.0.0.1', () => listening(server.address().port));
  },
  hapi: async () => {
    const server = use('@hapi/hapi').server({ port: 0, host: '127.0.0.1' });
    const handler = () => 'ok';
    for (const p of ['/users/:id', '/api/v1/items/:id', '/shops/:shop/items/:id']) {
      server.route({ method: 'GET', path: p.replace(/:(\w+)/g, '{$1}'), handler });
    }
    await server.start();
    listening(server.info.port);
  },
};
frameworks[process.env.FRAMEWORK]();
