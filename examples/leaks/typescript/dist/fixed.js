"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
// The last visits only.
const node_http_1 = require("node:http");
const recentVisits = [];
const limit = 100;
function remember(req) {
    recentVisits.push({ agent: req.headers["user-agent"], address: String(req.socket.remoteAddress) });
}
const server = (0, node_http_1.createServer)((req, res) => {
    remember(req);
    if (recentVisits.length > limit)
        recentVisits.shift();
    res.end(`${recentVisits.length} visits\n`);
});
server.listen(Number(process.env.PORT || 0), "127.0.0.1", () => {
    const address = server.address();
    if (address && typeof address === "object")
        console.log(`listening on http://127.0.0.1:${address.port}/`);
});
//# sourceMappingURL=fixed.js.map