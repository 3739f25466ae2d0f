import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, look, test } from './plumb';

const leaky = `import http from 'node:http';
const sessions = new Map();
http.createServer((req, res) => {
  sessions.set(sessions.size, { at: Date.now(), text: 'x'.repeat(100) + sessions.size });
  res.end('ok');
}).listen(process.env.PORT ?? 0, '127.0.0.1', function () { console.log('listening on http://127.0.0.1:' + this.address().port); });
`;

test('a report opens from disk, without a server', async ({ page, dir, start }) => {
  test.setTimeout(180_000);
  writeFileSync(join(dir, 'app.mjs'), leaky);
  await start('hunt', '--rounds', '4', '-n', '300', '--out', 'out', '--', 'node', 'app.mjs').ended;
  await page.goto(pathToFileURL(join(dir, 'out', 'report.html')).href);
  await expect(page.getByRole('heading', { level: 2 })).toContainText('sessions');
  await expect(page.getByRole('list', { name: 'Retaining path' })).toContainText('sessions');
  await expect(page.getByLabel('app.mjs, line 2')).toContainText('const sessions = new Map();');
  await expect(page.getByRole('figure').filter({ hasText: /heap/i }).first()).toBeVisible();
  await look(page, 'report');
});

test('without scripts a report is text', async ({ browser, dir, start }) => {
  test.setTimeout(180_000);
  writeFileSync(join(dir, 'app.mjs'), leaky);
  await start('hunt', '--rounds', '4', '-n', '300', '--out', 'out', '--', 'node', 'app.mjs').ended;
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(pathToFileURL(join(dir, 'out', 'report.html')).href);
  await expect(page.getByText('Why it is alive')).toBeVisible();
  await context.close();
});
