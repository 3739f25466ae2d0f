import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, look, test, token } from './plumb';

const server = `const kept = [];
require('http').createServer((req, res) => { kept.push({ url: req.url, at: Date.now() }); res.end('ok'); })
  .listen(0, '127.0.0.1', function () { console.log('listening on http://127.0.0.1:' + this.address().port); });
`;

const rules = `groups:
  - name: memory
    rules:
      - record: app:rss:megabytes
        expr: process_resident_memory_bytes{job="api"} / 1e6
      - alert: MemoryHigh
        expr: process_resident_memory_bytes{job="api"} > 1e6
        labels: {severity: page}
        annotations:
          summary: '{{ $labels.app }} uses {{ humanize $value }}B'
      - alert: MemoryEndless
        expr: process_resident_memory_bytes{job="api"} > 1e15
        for: 5m
`;

const receivers = `route: {receiver: nobody, group_wait: 1s}
receivers: [{name: nobody}]
`;

test('what Prometheus and Alertmanager show, on a real program', async ({ page, dir, start }) => {
  test.setTimeout(180_000);
  writeFileSync(join(dir, 'app.js'), server);
  const metrics = '127.0.0.1:19464';
  const run = start('run', '--name', 'api', '--metrics-address', metrics, '--capture-at', '70%', '--capture-warmup', '0s', '--', 'node', 'app.js');
  const [, app] = await run.prints(/listening on (\S+)/);
  await run.prints(/baseline taken/);
  for (let i = 0; i < 3000; i++) await (await fetch(app!)).text();
  writeFileSync(join(dir, 'rules.yml'), rules);
  writeFileSync(join(dir, 'alertmanager.yml'), receivers);
  writeFileSync(
    join(dir, 'prometheus.yml'),
    `global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [rules.yml]
alerting: {alertmanagers: [{static_configs: [{targets: ['localhost:9093']}]}]}
scrape_configs:
  - {job_name: api, static_configs: [{targets: ['${metrics}']}]}
  - {job_name: gone, static_configs: [{targets: ['127.0.0.1:1']}]}
`,
  );
  writeFileSync(join(dir, 'token'), token);
  const monitor = start('monitor', '--config.file=prometheus.yml', '--alertmanager.config.file=alertmanager.yml', '--alertmanager=embedded', '--storage.tsdb.path=data', '--rules.alert.resend-delay=1s', '--web.token-file=token', '--web.listen-address=127.0.0.1:0');
  const [, address] = await monitor.prints(/(http:\/\/127\.0\.0\.1:\d+)\s/);

  // Alerts, where the page begins.
  await page.goto(`${address}/?token=${token}`);
  await expect(page).toHaveURL(`${address}/alerts`);
  const high = page.getByRole('region', { name: 'MemoryHigh' });
  await expect(high.getByText('firing').first()).toBeVisible({ timeout: 20_000 });
  await expect(high.getByText(/^summary: api uses [\d.]+MB$/)).toBeVisible();
  await expect(page.getByRole('region', { name: 'MemoryEndless' }).getByText('inactive')).toBeVisible();
  // What was found out about it.
  const finding = high.getByRole('alert');
  await expect(finding).toContainText(/kept \(app\.js:1\) keeps \d+ B of each request/, { timeout: 60_000 });
  await look(page, 'alerts');
  await finding.getByRole('link', { name: 'The finding' }).click();
  await expect(page.getByRole('heading', { level: 2 })).toContainText('kept');
  await expect(page.getByLabel('app.js, line 1')).toContainText('const kept = [];');
  await page.goBack();

  // A silence for the alert.
  await high.getByRole('link', { name: 'Silence' }).click();
  await expect(page.getByLabel('Value 1')).not.toHaveValue('');
  await expect(page.getByText('One alert is met now.')).toBeVisible();
  await page.getByLabel('By whom').fill('ann');
  await page.getByLabel('Why').fill('being looked at');
  await look(page, 'silence');
  await page.getByRole('button', { name: 'Silence' }).click();
  const silence = page.getByRole('article', { name: 'being looked at' });
  await expect(silence.getByText('active')).toBeVisible();
  await look(page, 'silences');
  await page.getByRole('link', { name: 'Alerts' }).click();
  await expect(high.getByText(/silenced by/)).toBeVisible({ timeout: 20_000 });
  await page.goBack();
  await silence.getByRole('button', { name: 'Expire' }).click();
  await expect(silence.getByText('expired')).toBeVisible();

  // Targets, one of them down.
  await page.getByRole('link', { name: 'Targets' }).click();
  await expect(page.getByRole('region', { name: 'api' }).getByText('1 of 1 up')).toBeVisible();
  await expect(page.getByRole('region', { name: 'gone' }).getByRole('alert')).toHaveText(/connection refused/);
  await look(page, 'targets');
  await page.getByLabel('Address, label or error').fill('refused');
  await expect(page.getByRole('region', { name: 'api' })).toHaveCount(0);
  await expect(page).toHaveURL(/search=refused/);

  // Rules, and from one to its graph.
  await page.getByRole('link', { name: 'Rules' }).click();
  await expect(page.getByText('record: app:rss:megabytes')).toBeVisible();
  await look(page, 'rules');
  await page.getByRole('link', { name: /^process_resident_memory_bytes.* \/ 1/ }).click();
  await expect(page.getByRole('status')).toHaveText(/^1 series/);

  // The graph: completion, table, graph; all in the address.
  await page.goto(`${address}/graph`);
  const editor = page.getByRole('textbox', { name: 'Expression' });
  await editor.click();
  await page.keyboard.type('app:rss:m');
  // Not by a key: the editor takes none for a moment after the list has opened.
  await page.getByRole('option', { name: /app:rss:megabytes/ }).click();
  await expect(editor).toHaveText('app:rss:megabytes');
  await page.keyboard.press('Enter');
  const value = page.getByRole('row', { name: /app:rss:megabytes/ }).getByRole('cell').last();
  await expect(value).toHaveText(/^\d+\.\d+$/);
  const told = await (await page.request.get(`${address}/api/v1/query?query=app:rss:megabytes`)).json();
  expect(Math.abs(Number(await value.textContent()) - Number(told.data.result[0].value[1]))).toBeLessThan(50);
  await look(page, 'table');
  await page.getByText('Graph', { exact: true }).last().click();
  await expect(page.getByRole('figure', { name: /^app:rss:megabytes: app:rss:megabytes\{.* \d/ })).toBeVisible();
  await page.getByRole('button', { name: 'Shorter range' }).click();
  await expect(page).toHaveURL(/g0\.expr=app%3Arss%3Amegabytes&g0\.tab=0&g0\.range_input=30m/);
  await page.getByRole('button', { name: 'Add a panel' }).click();
  await page.getByRole('textbox', { name: 'Expression 2' }).click();
  await page.keyboard.type('rate(prometheus_http_requests_total[1m]');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Expression 2' }).getByText(/series, \d+ ms/)).toBeVisible();
  await look(page, 'graph');
  await page.reload();
  await expect(page.getByRole('region', { name: 'Expression 1' }).getByRole('figure')).toBeVisible();

  // The addresses in mails, and what is no expression.
  await page.goto(`${address}/graph?g0.expr=up&g0.tab=1`);
  await expect(page.getByRole('status')).toHaveText(/^2 series/);
  await page.goto(`${address}/#/silences/new?filter=%7Balertname%3D%22MemoryHigh%22%7D`);
  await expect(page.getByLabel('Value 1')).toHaveValue('MemoryHigh');

  // Status.
  await page.getByRole('link', { name: 'Status' }).click();
  await expect(page.getByRole('region', { name: 'Build' })).toBeVisible();
  await look(page, 'status');
  await page.getByRole('tab', { name: 'Configuration' }).click();
  await expect(page.getByText('job_name: gone')).toBeVisible();
  await page.getByRole('tab', { name: 'Storage' }).click();
  await expect(page.getByRole('region', { name: 'Most series, by metric' })).toBeVisible();
  await page.getByRole('tab', { name: 'Alertmanager' }).click();
  await expect(page.getByText('receiver: nobody')).toBeVisible();
});

test('an expression that is none says why', async ({ page, start }) => {
  test.info().annotations.push({ type: 'console', description: 'status of 400' });
  const [, address] = await start('monitor', '--web.listen-address=127.0.0.1:0').prints(/(http:\/\/127\.0\.0\.1:\d+)\s/);
  await page.goto(`${address}/graph?g0.expr=up(`);
  await expect(page.getByRole('alert')).toHaveText(/parse error/);
});
