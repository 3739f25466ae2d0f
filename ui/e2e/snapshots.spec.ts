import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, look, test } from './plumb';

// The tutorial's leak: user agents that a module array keeps.
const program = `const v8 = require('v8');
const userAgents = [];
const visit = (n) => { for (let i = 0; i < n; i++) userAgents.push(['Mozilla/5.0', 'visitor', i].join(' ')); };
process.on('visit', visit);
const take = (n, file) => new Promise((done) => setTimeout(() => {
  process.emit('visit', n);
  v8.writeHeapSnapshot(file);
  done();
}));
take(100, '1.heapsnapshot').then(() => take(7000, '2.heapsnapshot')).then(() => take(7000, '3.heapsnapshot'));`;

function taken(dir: string) {
  writeFileSync(join(dir, 'app.js'), program);
  execFileSync('node', ['app.js'], { cwd: dir });
}

const bin = join(import.meta.dirname, '..', '..', 'bin', 'plumb');
const cli = <T>(dir: string, ...args: string[]): T => JSON.parse(execFileSync(bin, ['heap', ...args, '--json'], { cwd: dir, encoding: 'utf8', maxBuffer: 1 << 28 })) as T;

const commas = (n: number) => n.toLocaleString('en-US');

test('the tutorial’s analysis by clicks', async ({ page, dir, start }) => {
  taken(dir);
  const [address] = await start('open', '.', '--no-browser').prints(/http:\S+/);
  await page.goto(address);
  await expect(page.getByRole('link', { name: '1.heapsnapshot', exact: true })).toBeVisible();
  await look(page, 'snapshots');

  // Open the first, then the second.
  await page.getByRole('link', { name: '1.heapsnapshot', exact: true }).click();
  await expect(page.getByRole('treegrid', { name: 'Summary' }).getByRole('row').nth(1)).toBeVisible();
  await page.goBack();
  await page.getByRole('link', { name: '2.heapsnapshot', exact: true }).click();

  // Statistics: the same as the command line's.
  await page.getByRole('tab', { name: 'Statistics' }).click();
  const statistics = cli<{ total: number; strings: number; code: number }>(dir, 'stats', '2.heapsnapshot');
  const kinds = page.getByRole('table', { name: 'Memory by kind' });
  for (const n of [statistics.total, statistics.strings, statistics.code]) await expect(kinds.getByTitle(`${commas(n)} B`)).toBeVisible();
  await look(page, 'snapshots-statistics');

  // Comparison, sorted by delta.
  await page.getByRole('tab', { name: 'Comparison' }).click();
  const comparison = page.getByRole('treegrid', { name: 'Comparison' });
  await comparison.getByRole('button', { name: '# Delta' }).click();
  await expect(page).toHaveURL(/sort=delta&desc=1/);
  const rows = cli<{ rows: { name: string; delta: number }[] }>(dir, 'compare', '1.heapsnapshot', '2.heapsnapshot', '--sort', 'delta').rows;
  await expect(comparison.getByRole('row').nth(1)).toContainText(rows[0]!.name);
  await expect(comparison.getByRole('row').nth(1)).toContainText(`+${commas(rows[0]!.delta)}`);
  await look(page, 'snapshots-comparison');

  // Summary of what was made between the two.
  await page.getByRole('tab', { name: 'Summary' }).click();
  await page.getByRole('textbox', { name: 'Objects' }).or(page.getByRole('combobox', { name: 'Objects' })).first().click();
  await page.getByRole('option', { name: 'Objects allocated between 1.heapsnapshot and 2.heapsnapshot' }).click();
  const between = cli<{ rows: { name: string; count: number; retained: number }[] }>(dir, 'summary', '2.heapsnapshot', '--between', '1.heapsnapshot').rows;
  const summary = page.getByRole('treegrid', { name: 'Summary' });
  const strings = between.find((r) => r.name === '(string)')!;
  const line = summary.getByRole('row', { name: /^\(string\)/ });
  await expect(line).toContainText(commas(strings.count));
  await expect(line.getByTitle(`${commas(strings.retained)} B`).first()).toBeVisible();

  // Expand (string), pick one, and read the retainers up to the array's name.
  await line.click();
  await page.keyboard.press('ArrowRight');
  const one = summary.getByRole('row').filter({ hasText: 'Mozilla/5.0 visitor' }).first();
  await one.click();
  const retainers = page.getByRole('treegrid', { name: 'Retainers' });
  await expect(retainers).toContainText('userAgents');
  await expect(page).toHaveURL(/object=\d+/);
  await look(page, 'snapshots-summary');

  // The object's own page, and what would go without the array.
  const held = retainers.getByRole('row').filter({ hasText: 'Array' }).first();
  await held.dblclick();
  await page.getByRole('button', { name: 'What if it were gone?' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'would be freed' })).toBeVisible();
  await look(page, 'snapshots-object');
  await page.getByRole('tab', { name: 'Paths' }).click();
  await expect(page.getByRole('region', { name: 'Paths' })).toContainText('userAgents');
});

test('what DevTools has not got: growth, merged paths, queries, treemap', async ({ page, dir, start }) => {
  taken(dir);
  const [address] = await start('open', '.', '--no-browser').prints(/http:\S+/);
  await page.goto(address);
  for (const name of ['1', '2', '3']) await page.getByRole('checkbox', { name: `Choose ${name}.heapsnapshot` }).check();
  await page.getByRole('button', { name: 'Growth' }).click();
  const growth = page.getByRole('treegrid', { name: 'Growth' });
  await expect(growth.getByRole('row').nth(1)).toContainText('in every step');
  await expect(growth.getByRole('row').filter({ hasText: '(string)' })).toContainText('+14,');
  await look(page, 'snapshots-growth');

  await page.goto(new URL('/snapshots/3/summary?objects=since:2', address).href);
  await page.getByRole('button', { name: 'Merged retaining paths of (string)' }).click();
  await expect(page.getByRole('region', { name: 'Way 1' }).or(page.locator('section[aria-label="Way 1"]')).first()).toContainText('.userAgents');
  await look(page, 'snapshots-paths');

  await page.keyboard.press('/');
  await page.keyboard.type('path:userAgents Mozilla');
  await page.keyboard.press('Enter');
  await expect(page.getByText('14,100 objects')).toBeVisible();
  await look(page, 'snapshots-query');

  await page.getByRole('tab', { name: 'Dominators' }).click();
  await expect(page.getByRole('group', { name: 'Retained sizes as rectangles' })).toBeVisible();
  await look(page, 'snapshots-treemap');
  await page.getByText('Tree', { exact: true }).click();
  await expect(page.getByRole('treegrid', { name: 'Dominators' }).getByRole('row').nth(1)).toBeVisible();
  await page.getByRole('tab', { name: 'Containment' }).click();
  const containment = page.getByRole('treegrid', { name: 'Containment' });
  await containment.getByRole('row').nth(1).click();
  await page.keyboard.press('ArrowRight');
  await expect(containment.getByRole('row', { level: 2 }).or(containment.locator('[aria-level="2"]')).first()).toBeVisible();
  await page.getByRole('tab', { name: 'Duplicate strings' }).click();
  await expect(page.getByRole('treegrid', { name: 'Duplicate strings' }).getByRole('row').nth(1)).toBeVisible();
  await look(page, 'snapshots-strings');
});

test('files are dropped, bad ones say what is wrong with them', async ({ page, dir, start }) => {
  const elsewhere = join(dir, '.elsewhere'); // where plumb does not look
  mkdirSync(elsewhere);
  taken(elsewhere);
  writeFileSync(join(elsewhere, 'page.heapsnapshot'), '<html>not found</html>');
  mkdirSync(join(dir, 'none'));
  const [address] = await start('open', 'none', '--no-browser').prints(/http:\S+/);
  await page.goto(address);
  await page.getByLabel('Snapshot files').setInputFiles(join(elsewhere, '1.heapsnapshot'));
  await expect(page.getByRole('treegrid', { name: 'Summary' }).getByRole('row').nth(1)).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('button', { name: 'Remove 1.heapsnapshot' })).toBeVisible();
  await page.getByLabel('Snapshot files').setInputFiles(join(elsewhere, 'page.heapsnapshot'));
  await expect(page.getByRole('alert')).toContainText('page.heapsnapshot');
  await expect(page.getByRole('alert')).toContainText('hint:');
  await look(page, 'snapshots-bad');
  await page.goBack();
  await page.getByRole('button', { name: 'Remove page.heapsnapshot' }).click();
  await expect(page.getByRole('link', { name: 'page.heapsnapshot', exact: true })).toHaveCount(0);
});

test('a file that lies here is opened where it lies', async ({ page, dir, start }) => {
  const folder = join(dir, 'some', 'folder');
  mkdirSync(folder, { recursive: true });
  taken(folder);
  mkdirSync(join(dir, 'none'));
  const [address] = await start('open', 'none', '--no-browser').prints(/http:\S+/);
  await page.goto(address);
  const sent: number[] = [];
  page.on('request', (r) => r.method() === 'POST' && sent.push(r.postDataBuffer()?.length ?? 0));
  await page.getByLabel('Snapshot files').setInputFiles(join(folder, '2.heapsnapshot'));
  await expect(page.getByRole('treegrid', { name: 'Summary' }).getByRole('row').nth(1)).toBeVisible();
  expect(sent.filter((bytes) => bytes > 64 * 4096)).toEqual([]);
  await page.goBack();
  await expect(page.getByRole('link', { name: '2.heapsnapshot', exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Remove 2.heapsnapshot' })).toHaveCount(0);
});

test('allocations with their callers, native contexts, a redacted file', async ({ page, dir, start }) => {
  writeFileSync(
    join(dir, 'traced.js'),
    `const { Session } = require('inspector');
const s = new Session();
s.connect();
s.post('HeapProfiler.enable');
s.post('HeapProfiler.startTrackingHeapObjects', { trackAllocations: true });
const kept = [];
function entry(i) { return { secret: ['token', i].join('-') }; }
function fill() { for (let i = 0; i < 2000; i++) kept.push(entry(i)); }
fill();
const other = require('vm').createContext({ kept: [] });
require('vm').runInContext('for (let i = 0; i < 5000; i++) kept.push({ i })', other);
const out = require('fs').openSync('traced.heapsnapshot', 'w');
s.on('HeapProfiler.addHeapSnapshotChunk', (m) => require('fs').writeSync(out, m.params.chunk));
s.post('HeapProfiler.stopTrackingHeapObjects', { reportProgress: false }, () => globalThis.ended = [kept, other]);
`,
  );
  execFileSync('node', ['traced.js'], { cwd: dir });
  const [address] = await start('open', 'traced.heapsnapshot', '--no-browser').prints(/http:\S+/);
  await page.goto(address);
  await page.getByRole('tab', { name: 'Allocations' }).click();
  const allocations = page.getByRole('treegrid', { name: 'Allocations' });
  const entry = allocations.getByRole('row', { name: /^entry / });
  await entry.click();
  await page.keyboard.press('ArrowRight');
  await expect(allocations.locator('[aria-level="2"]').filter({ hasText: 'fill' })).toBeVisible();
  await look(page, 'snapshots-allocations');

  await page.getByRole('tab', { name: 'Statistics' }).click();
  await expect(page.getByRole('region', { name: 'Native contexts' }).getByRole('link')).toHaveCount(2);
  await look(page, 'snapshots-contexts');

  await page.getByRole('link', { name: 'Snapshots' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download traced.heapsnapshot redacted' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('traced.redacted.heapsnapshot');
  const text = readFileSync(await file.path(), 'utf8');
  expect(text).not.toContain('token-17');
  expect(text).toContain('"secret"');
});
