import { defineConfig, devices } from '@playwright/test';

// Chromium is the system's: PLUMB_CHROMIUM names another one.
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'e2e/out',
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    ...devices['Desktop Chrome'],
    contextOptions: { reducedMotion: 'reduce' },
    viewport: { width: 1280, height: 800 },
    launchOptions: { executablePath: process.env.PLUMB_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] },
  },
});
