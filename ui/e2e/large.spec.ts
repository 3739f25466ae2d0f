import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
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
    console.log(`${what.padEnd(48)} ${timed.at(-1)![1].toFixed(0).padStart(6)} ms`);
  };
  // The page itself watches for what is to be shown: to look from outside, now and then,
  // adds up to half a second.
  const shown = (selector: string) => page.waitForFunction((s) => document.querySelector(s), selector, { polling: 'raf', timeout: 300_000 });
  const row = (name: string, more = '') => `[role=treegrid][aria-label="${name}"][aria-busy=false] [role=row][aria-level]${more}`;

  // Dropped.
  mkdirSync(join(dir, '.elsewhere')); // where plumb does not look
  for (const path of ['.elsewhere/there.heapsnapshot', 'here.heapsnapshot']) copyFileSync(file!, join(dir, path));
  for (const [what, path] of [
    ['dropped from elsewhere: sent, classes shown', join(dir, '.elsewhere', 'there.heapsnapshot')],
    ['dropped from a folder here: classes shown', join(dir, 'here.heapsnapshot')],
  ] as const) {
    const server = start('open', 'empty', '--no-browser');
    const [address] = await server.prints(/http:\S+/);
    await page.goto(address);
    await expect(page.getByLabel('Snapshot files')).toBeAttached();
    await time(what, async () => {
      await page.getByLabel('Snapshot files').setInputFiles(path);
      await shown(row('Summary'));
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
      await shown(row('Summary'));
    });
    if (how === 'first') {
      await expect.poll(() => existsSync(join(dir, 'large', 'large.heapsnapshot.plumb')), { timeout: 60_000 }).toBe(true);
      await server.stop();
    }
  }
  // What is clicked is clicked in the page as well.
  const click = (what: string, on: string, then: string, text = '') =>
    time(what, () =>
      page.evaluate(
        async ({ on, then, text }) => {
          const target = [...document.querySelectorAll<HTMLElement>(on)].find((e) => e.textContent?.includes(text))!;
          for (const event of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click']) target.dispatchEvent(new MouseEvent(event, { bubbles: true }));
          for (let i = 0; !document.querySelector(then) && i < 10_000; i++) await new Promise((r) => requestAnimationFrame(r));
        },
        { on, then, text },
      ),
    );
  const summary = '[role=treegrid][aria-label="Summary"]';
  await click('summary sorted by count', `${summary} button`, `${summary}[aria-busy=false]:has([aria-sort=descending]) [role=row] [title]`, 'Count');
  await click('the largest class expanded', `${summary} [aria-level="1"] [aria-hidden]`, `${summary} [aria-level="2"] [title]`);
  await click('retainers of its first object', `${summary} [aria-level="2"]`, row('Retainers', ' [title]'));
  await click('Containment', '[role=tab]', row('Containment'), 'Containment');
  await click('Dominators', '[role=tab]', '[role=group][aria-label="Retained sizes as rectangles"]', 'Dominators');
  await click('Duplicate strings', '[role=tab]', row('Duplicate strings'), 'Duplicate strings');
  await click('Duplicate strings by count', '[aria-label="Duplicate strings"] button', '[aria-label="Duplicate strings"][aria-busy=false]:has([aria-sort]) [role=row] [title]', 'Count');
  const heap = await memory(page);
  console.log(`${'the tab: JavaScript heap'.padEnd(48)} ${heap.toFixed(1).padStart(6)} MB`);
  const size = await renderer(browser);
  if (size) console.log(`${'its process, with what it shares with others'.padEnd(48)} ${size.toFixed(1).padStart(6)} MB`);
  console.log(`Chromium ${browser.version()}`);
});

async function memory(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find((m) => m.name === 'JSHeapUsedSize')!.value / 1e6;
}

// renderer is the memory of the browser's largest process for pages, where the system
// tells it.
async function renderer(browser: Browser): Promise<number | undefined> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const size = (pid: number) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1e3;
  if (!existsSync('/proc/self/status')) return undefined;
  return Math.max(...processInfo.filter((p) => p.type === 'renderer').map((p) => size(p.id)));
}
