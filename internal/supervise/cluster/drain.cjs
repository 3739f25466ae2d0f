'use strict';
// plumb's drain: loaded with --require before a program of which several
// processes run. It sleeps until plumb says that this process is to leave. Then
// it accepts no more connections, has every answer say "Connection: close", so that
// clients go elsewhere by themselves, and tells plumb when none is left.
(() => {
  const { isMainThread } = require('worker_threads');
  if (!isMainThread || !process.connected) return;
  const at = process.execArgv.indexOf(__filename);
  if (at > 0) process.execArgv.splice(at - 1, 2); // not for what the program forks

  process.on('internalMessage', (message) => {
    if (message.cmd === 'NODE_PLUMB' && message.act === 'drain') drain();
  });

  let draining = false;
  function drain() {
    if (draining) return;
    draining = true;
    const { Server } = require('net');
    const servers = process._getActiveHandles().filter((handle) => handle instanceof Server);
    // Not server.close(): that cuts connections on which a request may be coming.
    for (const server of servers) if (server._handle) server._handle.close();
    const last = (response) => { if (response && !response.headersSent) response.shouldKeepAlive = false; };
    require('diagnostics_channel').subscribe('http.server.request.start', ({ response }) => last(response));
    for (const handle of process._getActiveHandles()) last(handle._httpMessage);
    for (const server of servers) server.prependListener('stream', leave); // of HTTP/2
    const look = () => {
      if (servers.some((server) => server._connections > 0)) return;
      clearInterval(timer);
      if (process.connected) process.send({ cmd: 'NODE_PLUMB', act: 'drained' });
    };
    const timer = setInterval(look, 20);
    look();
  }

  // leave ends the HTTP/2 session of a request when that is answered. It says goodbye
  // twice (RFC 9113, 6.8): what the client sends before it knows is answered too.
  const leaving = new WeakSet();
  function leave({ session }) {
    if (!session || leaving.has(session)) return;
    leaving.add(session);
    session.goaway(0, 2 ** 31 - 1);
    setTimeout(() => session.close(), 500);
  }
})();
