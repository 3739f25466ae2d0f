import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// The tests drive bin/plumb and bin/plumb-server, which "make page-test" builds.
const bin = join(import.meta.dirname, '..', '..', 'bin');

// token is one for plumb monitor, which needs one to show programs and findings.
export const token = '0123456789abcdef';

// Started is a program that a test started, with what it has printed so far.
export class Started {
  out = '';
  readonly ended: Promise<number | null>;

  constructor(readonly process: ChildProcess) {
    process.stdout?.on('data', (d) => (this.out += d));
    process.stderr?.on('data', (d) => (this.out += d));
    this.ended = new Promise((resolve) => process.on('exit', resolve));
  }

  // prints waits until the output has a match.
  async prints(pattern: RegExp): Promise<RegExpMatchArray> {
    await expect.poll(() => (this.process.exitCode === null ? pattern.test(this.out) : true), { timeout: 30_000 }).toBe(true);
    const match = this.out.match(pattern);
    if (!match) throw new Error(`it ended with ${this.process.exitCode} and printed:\n${this.out}`);
    return match;
  }

  async stop() {
    if (this.process.exitCode === null) this.process.kill('SIGTERM');
    await this.ended;
  }
}

interface Fixtures {
  // dir is a folder of the test's own.
  dir: string;
  // start runs plumb, and ends it after the test.
  start: (...args: string[]) => Started;
  // run starts any other program the same way.
  run: (command: string, ...args: string[]) => Started;
  // noErrors fails the test when the page's console has an error, but for those that an
  // annotation "console" of the test describes.
  noErrors: void;
}

export const test = base.extend<Fixtures>({
  dir: async ({}, use) => {
    const dir = mkdtempSync(join(tmpdir(), 'plumb-page-'));
    await use(dir);
    rmSync(dir, { recursive: true });
  },
  run: async ({ dir }, use) => {
    const all: Started[] = [];
    await use((command, ...args) => {
      const env = { ...process.env, XDG_STATE_HOME: join(dir, 'state'), XDG_RUNTIME_DIR: dir, XDG_CACHE_HOME: join(dir, 'cache') };
      const started = new Started(spawn(command, args, { cwd: dir, env, stdio: ['ignore', 'pipe', 'pipe'] }));
      all.push(started);
      return started;
    });
    for (const started of all.reverse()) await started.stop();
  },
  start: async ({ run }, use) => {
    await use((...args) => run(join(bin, 'plumb'), ...args));
  },
  noErrors: [
    async ({ page }, use) => {
      const errors: string[] = [];
      page.on('console', (m) => m.type() === 'error' && errors.push(m.text()));
      page.on('pageerror', (e) => errors.push(String(e)));
      await use();
      const expected = test.info().annotations.filter((a) => a.type === 'console');
      expect(errors.filter((e) => !expected.some((a) => e.includes(a.description!)))).toEqual([]);
    },
    { auto: true },
  ],
});

// look checks a view for what axe calls serious, and keeps screenshots of it, wide and
// narrow, light and dark, in ui/screenshots (not committed): they are to be looked at.
export async function look(page: Page, name: string) {
  const found = await new AxeBuilder({ page }).analyze();
  const serious = found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
  expect(serious.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join('\n')}`)).toEqual([]);
  const folder = join(import.meta.dirname, '..', 'screenshots');
  mkdirSync(folder, { recursive: true });
  const before = page.viewportSize()!;
  for (const [width, height] of [
    [1280, 800],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`) });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(before);
}

export { expect };
