import { describe, expect, test } from 'vitest';
import { fresh, grid, moment, read, stack, stepFor, time, write } from './panels';
import { exactly, filter, matchers, seconds, series, si, span } from './words';

test('series as PromQL writes them', () => {
  expect(series({ __name__: 'up', job: 'a"b', 'odd.name': 'x' })).toBe('up{job="a\\"b", "odd.name"="x"}');
  expect(series({ __name__: 'up' })).toBe('up');
  expect(series({})).toBe('{}');
});

test('durations', () => {
  expect(seconds('1h30m')).toBe(5400);
  expect(seconds('250ms')).toBe(0.25);
  expect(seconds('1w')).toBe(604800);
  for (const wrong of ['', '1', 'h', '1h 30m', '1x', '1hx']) expect(seconds(wrong)).toBeNull();
  for (const text of ['1h30m', '15s', '2d', '250ms', '1w', '8d']) expect(span(seconds(text)!)).toBe(text);
});

test('figures of an axis', () => {
  expect([0, 950, 12_345, 1.5e6, 2e9, 3e12, 0.25, 0.00001, -4e6].map(si)).toEqual(['0', '950', '12.35k', '1.5M', '2G', '3T', '0.25', '1.0e-5', '-4M']);
});

describe('matchers', () => {
  test('of a link of Alertmanager', () => {
    expect(matchers('{alertname="HighMemory", job=~"a|b", env!="x y", z!~"q.*"}').map((m) => [m.name, m.isRegex, m.isEqual, m.value])).toEqual([
      ['alertname', false, true, 'HighMemory'],
      ['job', true, true, 'a|b'],
      ['env', false, false, 'x y'],
      ['z', true, false, 'q.*'],
    ]);
    expect(matchers('nothing')).toEqual([]);
  });
  test('come back as they were', () => {
    const labels = { alertname: 'a "quoted" \\ one', b: 'x, y} {', c: 'line\nend' };
    expect(matchers(filter(exactly(labels)))).toEqual(exactly(labels));
  });
});

describe('panels', () => {
  test('a link of an alert', () => {
    expect(read(new URLSearchParams('g0.expr=up+%3D%3D+0&g0.tab=1'))).toEqual([{ ...fresh, expr: 'up == 0' }]);
    expect(read(new URLSearchParams('g0.expr=up&g0.tab=graph&g0.range_input=2h&g1.expr=x&g1.tab=0'))).toEqual([
      { ...fresh, expr: 'up', tab: 'graph', range: '2h' },
      { ...fresh, expr: 'x', tab: 'graph' },
    ]);
    expect(read(new URLSearchParams())).toEqual([fresh]);
  });
  test('come back as they were', () => {
    const panels = [{ ...fresh, expr: 'rate(x[5m])', tab: 'graph' as const, range: '6h', end: '2026-01-02 03:04:05', step: '15', stacked: true }, fresh];
    expect(read(write(panels))).toEqual(panels);
  });
  test('times', () => {
    expect(time('2026-01-02 03:04:05')).toBe(Date.UTC(2026, 0, 2, 3, 4, 5) / 1000);
    expect(moment(time('2026-01-02 03:04:05'))).toBe('2026-01-02 03:04:05');
    expect(Math.abs(time('not a time') - Date.now() / 1000)).toBeLessThan(5);
  });
  test('steps', () => {
    expect(stepFor(3600, '')).toBe(14);
    expect(stepFor(60, '')).toBe(1);
    expect(stepFor(3600, '30')).toBe(30);
    expect(stepFor(86400 * 365, '1')).toBeGreaterThan(2800); // no more than 11,000 points
  });
});

test('series on common times', () => {
  const { times, rows } = grid(100, 130, 10, [{ values: [[100, '1'], [120, '3'], [130, 'NaN']] }, { values: [[110, '5']] }]);
  expect(times).toEqual([100, 110, 120, 130]);
  expect(rows).toEqual([
    [1, null, 3, null],
    [null, 5, null, null],
  ]);
  expect(stack([[1, 2], [3, null], [1, 1]])).toEqual([[1, 2], [4, null], [5, 3]]);
});
