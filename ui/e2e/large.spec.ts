import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './plumb';

// How fast the page is on a large snapshot: PLUMB_LARGE names the file. Figures are
// printed, and nothing is asserted about them.
const file = process.env.PLUMB_LARGE;

test('a large snapshot', async ({ page, dir, start, browser }) => {
  test.skip(!file, 'PLUMB_LARGE names no snapshot');
  test.setTimeout(600_000);
  // The server is ended in between.
  test.info().annotations.push({ type: 'console', description: 'Failed to load resource' });
  mkdirSync(join(dir, 'empty'));
  mkdirSync(join(dir, 'large'));
  const timed: [string, number][] = [];
  const time = async (what: string, act: () => Promise<unknown>) => {
    const began = performance.now();
    await act();
    timed.push([what, performance.now() - began]);
    console.log(`${what.padEnd(44)} ${timed.at(-1)![1].toFixed(0).padStart(6)} ms`);
  };
  // Waiting inside the page: to look from time to time adds time of its own.
  const shown = (what: Locator) => what.waitFor({ timeout: 300_000 });
  const rows = (name: string) => page.getByRole('treegrid', { name }).getByRole('row').nth(1);

  // Dropped.
  copyFileSync(file!, join(dir, 'here.heapsnapshot'));
  for (const [what, path] of [
    ['dropped from elsewhere: sent, classes shown', file!],
    ['dropped from where plumb runs: classes shown', join(dir, 'here.heapsnapshot')],
  ] as const) {
    const server = start('open', 'empty', '--no-browser');
    const [address] = await server.prints(/http:\S+/);
    await page.goto(address);
    await expect(page.getByLabel('Snapshot files')).toBeAttached();
    await time(what, async () => {
      await page.getByLabel('Snapshot files').setInputFiles(path);
      await shown(rows('Summary'));
    });
    await server.stop();
  }

  // In a folder, first without its index, then with it.
  copyFileSync(file!, join(dir, 'large', 'large.heapsnapshot'));
  for (const how of ['first', 'indexed']) {
    const server = start('open', join('large', 'large.heapsnapshot'), '--no-browser');
    const [address] = await server.prints(/http:\S+/);
    await page.goto('about:blank');
    await time(`${how}: page and classes shown`, async () => {
      await page.goto(address);
      await shown(rows('Summary'));
    });
    if (how === 'first') {
      await page.waitForTimeout(5000); // its index is written beside it
      await server.stop();
    }
  }
  const summary = page.getByRole('treegrid', { name: 'Summary' });
  await time('summary sorted by count', async () => {
    await summary.getByRole('button', { name: 'Count' }).click();
    await expect(page).toHaveURL(/sort=count/);
    await expect(rows('Summary')).toBeVisible();
  });
  await time('the largest class expanded', async () => {
    await rows('Summary').click();
    await page.keyboard.press('ArrowRight');
    await expect(summary.locator('[aria-level="2"]').filter({ hasText: '@' }).first()).toBeVisible({ timeout: 60_000 });
  });
  await time('retainers of its first object', async () => {
    await summary.locator('[aria-level="2"]').filter({ hasText: '@' }).first().click();
    await expect(page.getByRole('treegrid', { name: 'Retainers' }).getByRole('row').nth(1)).toBeVisible({ timeout: 60_000 });
  });
  for (const [tab, shown] of [
    ['Containment', rows('Containment')],
    ['Dominators', page.getByRole('group', { name: 'Retained sizes as rectangles' })],
    ['Duplicate strings', rows('Duplicate strings')],
  ] as const)
    await time(tab, async () => {
      await page.getByRole('tab', { name: tab }).click();
      await expect(shown).toBeVisible({ timeout: 60_000 });
    });
  const heap = await memory(page);
  console.log(`${'the tab: JavaScript heap'.padEnd(44)} ${heap.toFixed(1).padStart(6)} MB`);
  console.log(`Chromium ${browser.version()}`);
});

async function memory(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find((m) => m.name === 'JSHeapUsedSize')!.value / 1e6;
}
