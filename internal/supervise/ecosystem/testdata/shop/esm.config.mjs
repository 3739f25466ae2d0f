import os from 'node:os';
import { readFile } from 'node:fs/promises';
const { version } = JSON.parse(await readFile(new URL('./package.json', import.meta.url), 'utf8'));

console.log('the shop, version', version);

export default {
  apps: [
    { name: 'esm', script: 'app.mjs', instances: os.cpus().length > 64 ? 2 : 1, env: { VERSION: version } },
  ],
};
