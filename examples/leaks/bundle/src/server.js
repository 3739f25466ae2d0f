import { createServer } from "node:http";

export function serve(handler) {
  const server = createServer(handler);
  server.listen(Number(process.env.PORT || 0), "127.0.0.1", () => {
    console.log(`listening on http://127.0.0.1:${server.address().port}/`);
  });
}
