// The types go when this is compiled: lines of the JavaScript are not these.
import { createServer, type IncomingMessage } from "node:http";

interface Visit {
  agent: string | undefined;
  address: string;
}

type Visits = Visit[];

const recentVisits: Visits = [];

function remember(req: IncomingMessage): void {
  recentVisits.push({ agent: req.headers["user-agent"], address: String(req.socket.remoteAddress) });
}

const server = createServer((req, res) => {
  remember(req);
  res.end(`${recentVisits.length} visits\n`);
});

server.listen(Number(process.env.PORT || 0), "127.0.0.1", () => {
  const address = server.address();
  if (address && typeof address === "object") console.log(`listening on http://127.0.0.1:${address.port}/`);
});
