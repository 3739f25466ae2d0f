import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, look, test } from './plumb';

const server = `const userAgents = [];
require('http').createServer((req, res) => {
  userAgents.push(req.headers['user-agent'] + ' ' + Math.random());
  res.end('ok');
}).listen(0, '127.0.0.1', function () { console.log('http://127.0.0.1:' + this.address().port); });
`;

test('a hunt is shown when it ends: verdict, path, line, snapshots', async ({ page, dir, start }) => {
  test.setTimeout(180_000);
  writeFileSync(join(dir, 'app.js'), server);
  const hunt = start('hunt', '--open', '--no-browser', '--rounds', '4', '-n', '300', '--', 'node', 'app.js');
  await expect.poll(() => /http:\S+token=/.test(hunt.out) || hunt.process.exitCode !== null, { timeout: 150_000 }).toBe(true);
  const [address] = await hunt.prints(/http:\S+token=\S+/);
  await page.goto(address);
  await expect(page.getByRole('heading', { level: 2 })).toContainText('userAgents');
  await expect(page.getByText('leaking')).toBeVisible();
  await expect(page.getByRole('list', { name: 'Retaining path' })).toContainText('userAgents');
  await expect(page.getByText(/app\.js:3/).first()).toBeVisible();
  await look(page, 'finding');
  await page.getByRole('link', { name: 'Findings' }).first().click();
  await expect(page.getByRole('link', { name: /userAgents/ })).toBeVisible();
  await look(page, 'findings');

  // The snapshots that prove it are beside it.
  await page.getByRole('link', { name: 'Snapshots' }).click();
  await expect(page.getByRole('link', { name: /heapsnapshot/ }).first()).toBeVisible();
  hunt.process.kill('SIGINT');
  expect(await hunt.ended).toBe(1);
});

test('without findings the page says how to get one', async ({ page, dir, start }) => {
  const [address] = await start('open', dir, '--no-browser').prints(/http:\S+/);
  await page.goto(address);
  await page.goto(new URL('/findings', address).href);
  await expect(page.getByText('There are no findings yet')).toBeVisible();
  await look(page, 'findings-none');
});
