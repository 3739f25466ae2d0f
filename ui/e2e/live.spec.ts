import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, look, test, token } from './plumb';

const server = `const kept = [];
require('http').createServer((req, res) => { kept.push(Buffer.alloc(20000), new Array(20000).fill(req.url)); res.end('ok'); }).listen(0, '127.0.0.1', function () { console.log('http://127.0.0.1:' + this.address().port); });
`;

test('an app that is kept up: its memory, its limit, what can be done', async ({ page, dir, start }) => {
  test.setTimeout(120_000);
  writeFileSync(join(dir, 'app.js'), server);
  const run = start('run', '--name', 'api', '--max-memory', '400M', '--metrics-address', '127.0.0.1:0', '--', 'node', 'app.js');
  const [, port] = await run.prints(/http:\/\/127\.0\.0\.1:(\d+)\s*$/m);
  const [address] = await start('open', '.', '--no-browser').prints(/http:\S+token=\S+/);
  await page.goto(address);
  await page.getByRole('link', { name: 'Live' }).click();
  await expect(page.getByRole('link', { name: 'api 0' })).toBeVisible();
  await look(page, 'live');
  await page.getByRole('link', { name: 'api 0' }).click();
  for (let i = 0; i < 50; i++) await fetch(`http://127.0.0.1:${port}/`);
  await expect(page.getByRole('figure', { name: /^Memory: rss \d/ })).toBeVisible();
  await expect(page.getByRole('figure', { name: /heapUsed \d/ })).toBeVisible({ timeout: 20_000 });

  await page.getByRole('button', { name: 'Collect garbage' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'heapUsed was' })).toBeVisible();
  await page.getByRole('button', { name: 'Take a snapshot' }).click();
  await expect(page.getByRole('link', { name: /^heapSnapshot-page-.*heapsnapshot/ })).toBeVisible({ timeout: 30_000 });
  await look(page, 'live-instance');
  await page.getByRole('button', { name: 'Profile 30 s' }).click();
  for (let i = 0; i < 50; i++) await fetch(`http://127.0.0.1:${port}/`);
  await expect(page.getByRole('region', { name: 'Profile' }).getByRole('row', { name: /app\.js/ }).first()).toBeVisible({ timeout: 60_000 });
  await look(page, 'live-profile');
  await page.getByRole('button', { name: 'Restart' }).click();
  await expect(page.getByText('api was restarted.')).toBeVisible({ timeout: 30_000 });
  await page.getByRole('link', { name: 'Snapshots' }).click();
  await expect(page.getByRole('link', { name: /^heapSnapshot-page-/ })).toBeVisible();
});

test('the page of plumb run itself, and what a monitor has stored', async ({ page, dir, start }) => {
  writeFileSync(join(dir, 'app.js'), server);
  const metrics = '127.0.0.1:19465';
  await start('run', '--name', 'shop', '--metrics-address', metrics, '--', 'node', 'app.js').prints(/http:\/\/127\.0\.0\.1:\d+/);
  test.info().annotations.push({ type: 'console', description: 'status of 401' });
  await page.goto(`http://${metrics}/`);
  await expect(page.getByRole('alert')).toHaveText(/this server wants its token/);
  const states = join(dir, 'state', 'plumb');
  const file = readdirSync(states, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('19465.token'))!;
  await page.goto(`http://${metrics}/?token=${readFileSync(join(states, file), 'utf8').trim()}`);
  await expect(page).toHaveURL(`http://${metrics}/findings`);
  await page.getByRole('link', { name: 'Live' }).click();
  await expect(page.getByRole('link', { name: 'shop 0' })).toBeVisible();

  writeFileSync(join(dir, 'token'), token);
  const [, address] = await start('monitor', '--web.listen-address=127.0.0.1:0', '--web.token-file=token').prints(/(http:\/\/127\.0\.0\.1:\d+)\s/);
  await page.goto(`${address}/live/shop/0?range=1h&token=${token}`);
  await expect(page.getByText('As the monitor has stored it.')).toBeVisible();
  await expect
    .poll(async () => (await (await page.request.get(`${address}/api/v1/query?query=nodejs_heap_size_used_bytes{app="shop"}`)).json()).data.result.length, { timeout: 40_000 })
    .toBe(1);
  await expect(page.getByRole('figure', { name: /^Memory: rss \d.*heapUsed \d/ })).toBeVisible({ timeout: 30_000 });
  await look(page, 'live-stored');
});
