// What an assistant asks who looks for a leak, with the SDK for TypeScript.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

const client = new Client({ name: 'test', version: '1' });
await client.connect(new StdioClientTransport({ command: process.argv[2], args: ['mcp'], cwd: process.argv[3] }));
const { tools } = await client.listTools();
const ask = async (name, args) => {
  const r = await client.callTool({ name, arguments: args });
  return { failed: r.isError ?? false, text: r.content.map((c) => c.text).join('') };
};
console.log(
  JSON.stringify({
    server: client.getServerVersion().name,
    tools: tools.map((t) => t.name),
    schema: tools.find((t) => t.name === 'summary').inputSchema,
    finding: await ask('finding', { files: ['a.heapsnapshot', 'b.heapsnapshot'], requests: 3000 }),
    refused: await ask('stats', { file: 'none' }),
  }),
);
await client.close();
