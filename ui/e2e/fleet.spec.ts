import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, look, test } from './plumb';

const server = `const kept = [];
require('http').createServer((req, res) => { kept.push({ url: req.url, at: Date.now() }); res.end('ok'); })
  .listen(0, '127.0.0.1', function () { console.log('listening on http://127.0.0.1:' + this.address().port); });
`;

test('the fleet: apps, a command, a leak, its snapshots', async ({ page, dir, start }) => {
  test.setTimeout(180_000);
  writeFileSync(join(dir, 'app.js'), server);
  const hub = 'nats://127.0.0.1:14222';
  await start('hub', '--listen', '127.0.0.1:14222', '--pages', '127.0.0.1:0', '--dir', 'hub').prints(/The hub is at/);
  for (const [name, role] of [
    ['web-1', 'agent'],
    ['analysts', 'analyst'],
  ] as const) {
    const made = start('hub', 'token', name, '--role', role, '--dir', 'hub');
    await made.ended;
    writeFileSync(join(dir, name), made.out);
  }
  start('analyze', '--hub', hub, '--hub-token-file', 'analysts');
  const run = start('run', '--hub', hub, '--hub-token-file', 'web-1', '--release', 'v1', '--allow', 'snapshot,collect', '--name', 'shop', '--metrics-address', '127.0.0.1:19466', '--capture-at', '70%', '--capture-warmup', '0s', '--', 'node', 'app.js');
  const [, app] = await run.prints(/listening on (\S+)/);
  await run.prints(/baseline taken/);
  for (let i = 0; i < 3000; i++) await (await fetch(app!)).text();

  const [address] = await start('fleet', 'open', '--hub', hub, '--no-browser').prints(/http:\S+token=\S+/);
  await page.goto(address);
  await expect(page.getByRole('row', { name: /^shop 0 .* running v1 / })).toBeVisible({ timeout: 30_000 });
  await look(page, 'fleet');
  await page.getByRole('button', { name: /^Commands to shop 0/ }).click();
  await expect(page.getByRole('menuitem')).toHaveText(['Take a snapshot, and compare', 'Collect garbage']);
  await page.getByRole('menuitem', { name: 'Take a snapshot' }).click();
  await expect(page.getByRole('status').filter({ hasText: /kept \(app\.js:1\) keeps \d+ B of each request/ })).toBeVisible({ timeout: 60_000 });

  await page.getByRole('link', { name: 'Leaks' }).click();
  await look(page, 'fleet-leaks');
  await page.getByRole('link', { name: /^kept \(app\.js:1\) keeps/ }).click();
  await expect(page.getByRole('heading', { level: 2 })).toContainText('kept');
  await expect(page.getByText(/web-1\/.*\/shop\/0/)).toBeVisible();
  await look(page, 'fleet-finding');
  await page.getByRole('group', { name: 'Snapshots' }).getByRole('button').last().click();
  await expect(page.getByRole('treegrid', { name: 'Summary' }).getByRole('row').nth(1)).toBeVisible({ timeout: 30_000 });

  await page.getByRole('link', { name: 'Fleet' }).click();
  await page.getByRole('link', { name: 'Who gave which command' }).click();
  await expect(page.getByRole('row', { name: / snapshot shop .* done kept/ })).toBeVisible();
  await look(page, 'fleet-audit');
});
