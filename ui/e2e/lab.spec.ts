import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, look, test } from './plumb';

// A program of the tutorial's kind: references that are cut, a cycle.
const program = `let user = { name: 'Ada', tags: ['a', 'b'] };
let admin = user;
user = null;
admin = null;
let one = { label: 'one' };
let two = { label: 'two', one };
one.two = two;
one = null;
two = null;
console.log('one');
console.log('two');
console.log('three');
`;

test('a run is stepped through in both directions', async ({ page, dir, start }) => {
  writeFileSync(join(dir, 'app.js'), program);
  const lab = start('lab', 'app.js', '--open', '--no-browser');
  const [address] = await lab.prints(/http:\S+/);
  await page.goto(address);
  await expect(page.getByRole('heading', { name: 'app.js', level: 2 })).toBeVisible();
  await expect(page).not.toHaveURL(/token/);
  const line = page.locator('[aria-current=step]');
  await expect(line).toContainText("let user = { name: 'Ada'");

  await page.getByRole('button', { name: 'Step forward' }).click();
  await expect(line).toContainText('let admin = user');
  await page.keyboard.press('ArrowRight');
  await expect(line).toContainText('user = null');
  await page.keyboard.press('ArrowLeft');
  await expect(line).toContainText('let admin = user');
  await page.goto(page.url().replace('step=2', 'step=3'));
  await expect(page.locator('[data-object="1"]')).toBeVisible();
  await expect(page.locator('[data-object="2"]')).toContainText('Array');

  // The textbook's picture has no string on the heap, V8's has.
  await expect(page.getByText('string on the heap')).toHaveCount(0);
  await page.getByText('V8', { exact: true }).click();
  await expect(page).toHaveURL(/picture=v8/);
  await look(page, 'lab-step');

  // The life of an object ends with V8's collector.
  await page.locator('[data-object="1"]').click();
  const life = page.getByRole('region', { name: 'Life of @1' });
  await expect(life).toContainText('user, admin');
  await life.getByRole('button').last().click();
  await expect(page.getByText('@1 Object freed by V8')).toBeVisible();
});

test('a reference is cut, collectors run, V8’s own collector is asked', async ({ page, dir, start }) => {
  writeFileSync(join(dir, 'app.js'), program);
  const lab = start('lab', 'app.js', '--open', '--no-browser');
  const [address] = await lab.prints(/http:\S+/);
  await page.goto(address);
  await page.goto(page.url() + '?step=8');
  const one = page.locator('[data-object="3"]');
  await expect(one).toBeVisible();

  await page.getByText('Collectors', { exact: true }).click();
  const collectors = page.getByRole('region', { name: 'Collectors' });
  await expect(one).toHaveAttribute('data-tone', 'white');
  await collectors.getByRole('button', { name: 'Next wave' }).click();
  await expect(one).toHaveAttribute('data-tone', 'grey');
  await collectors.getByRole('button', { name: 'To the end' }).click();
  await expect(one).toHaveAttribute('data-tone', 'black');
  await expect(collectors).toContainText('Never freed: nothing');

  // Without the variables, the cycle is garbage that no counter frees.
  await page.goto(page.url().replace('step=8', 'step=9').replace(/wave=\d/, 'wave=0'));
  await expect(one).toBeVisible();
  await page.locator('[data-reference="two"]').first().press('Enter');
  await expect(page).toHaveURL(/cut=two/);
  await expect(collectors).toContainText('Without two: mark and sweep would free @4 @3, a reference counter nothing.');
  await expect(collectors).toContainText('Never freed: @4 @3, as a cycle keeps its own counts above zero. Trial deletion from what was cut off: @4 @3.');
  await collectors.getByRole('button', { name: 'To the end' }).click();
  await expect(one).toHaveAttribute('data-tone', 'swept');
  await look(page, 'lab-cut');

  // V8's own collector frees both, once its registers have let go of them.
  await collectors.getByRole('button', { name: 'Run V8’s collector' }).click();
  await expect(page).toHaveURL(/step=10/);
  await page.getByRole('button', { name: 'Step forward' }).click();
  await expect(page.getByText('@3 Object freed by V8')).toBeVisible();
  await expect(page.getByText('@4 Object freed by V8')).toBeVisible();
});

test('the exhibits are shown, measured and stepped through', async ({ page, start }) => {
  const lab = start('lab', '--open', '--no-browser');
  const [address] = await lab.prints(/http:\S+/);
  await page.goto(address);
  await expect(page.getByRole('region', { name: 'Exhibits' }).or(page.locator('section[aria-label=Exhibits]')).getByRole('row')).toHaveCount(21);
  await look(page, 'lab');
  await page.getByRole('link', { name: 'A closure that captures too much' }).click();
  await page.getByRole('button', { name: 'Run both on this Node.js' }).click();
  await expect(page.getByText('as predicted')).toBeVisible({ timeout: 50_000 });
  await look(page, 'lab-exhibit');
  await page.getByRole('button', { name: 'Run it line by line' }).first().click();
  await expect(page.getByRole('heading', { name: 'app.js', level: 2 })).toBeVisible();
  await page.goBack();
  await page.getByRole('link', { name: 'The lab' }).click();
  await expect(page.getByRole('link', { name: 'app.js' })).toBeVisible();
});

test('the tutorial’s demo is run by stages, and habits as pairs', async ({ page, start }) => {
  const lab = start('lab', '--open', '--no-browser');
  const [address] = await lab.prints(/http:\S+/);
  await page.goto(address);
  await page.getByRole('link', { name: 'Its memory by stages' }).click();
  await page.getByRole('button', { name: 'Run the demo' }).click();
  await expect(page.getByRole('heading', { name: 'last collection' })).toBeVisible({ timeout: 50_000 });
  await expect(page.locator('section[aria-label="manual collection"]')).toContainText('mark-compact');
  await look(page, 'lab-stages');
  await page.getByRole('link', { name: 'The lab' }).click();
  await page.getByRole('link', { name: 'Habits that prevent leaks' }).click();
  await page.getByRole('button', { name: 'Run all pairs' }).click();
  await expect(page.getByText('ReferenceError').first()).toBeVisible({ timeout: 50_000 });
  await look(page, 'lab-prevention');
});
