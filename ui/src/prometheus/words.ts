import type { Labels, Matcher, Result, Series } from './api';

// series is a series' name as PromQL writes it: up{job="api"}.
export function series(metric: Labels): string {
  const { __name__: name = '', ...labels } = metric;
  const pairs = Object.entries(labels).map(([k, v]) => `${/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(k) ? k : JSON.stringify(k)}=${JSON.stringify(v)}`);
  return pairs.length ? `${name}{${pairs.join(', ')}}` : name || '{}';
}

const units: [string, number][] = [
  ['y', 365 * 86400],
  ['w', 7 * 86400],
  ['d', 86400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
  ['ms', 0.001],
];

// seconds reads a duration as Prometheus writes it, 1h30m; null when it is none.
export function seconds(text: string): number | null {
  const parts = text.trim().match(/\d+(?:ms|[ywdhms])/g);
  if (!parts || parts.join('') !== text.trim()) return null;
  return parts.reduce((sum, p) => sum + Number.parseInt(p) * units.find(([u]) => u === p.replace(/^\d+/, ''))![1], 0);
}

// span writes a duration as Prometheus does.
export function span(seconds: number): string {
  let left = Math.round(seconds * 1000);
  let text = '';
  for (const [unit, length] of units) {
    const n = Math.floor(left / (length * 1000));
    if (n === 0 || (unit === 'y' && left % (365 * 86400_000) !== 0) || (unit === 'w' && left % (7 * 86400_000) !== 0)) continue;
    text += `${n}${unit}`;
    left -= n * length * 1000;
  }
  return text || '0s';
}

// si is a figure of an axis, with a prefix for thousands.
export function si(v: number): string {
  const size = Math.abs(v);
  if (size === 0) return '0';
  for (const [prefix, unit] of [
    ['T', 1e12],
    ['G', 1e9],
    ['M', 1e6],
    ['k', 1e3],
  ] as const)
    if (size >= unit) return `${round(v / unit)}${prefix}`;
  return size < 1e-3 ? v.toExponential(1) : round(v);
}

function round(v: number): string {
  return String(Number(v.toPrecision(4)));
}

// matcher is one as PromQL writes it.
export function matcher(m: Matcher): string {
  return `${m.name}${operator(m)}${JSON.stringify(m.value)}`;
}

export const operators = ['=', '!=', '=~', '!~'] as const;
export type Operator = (typeof operators)[number];

export function operator(m: Matcher): Operator {
  const equal = m.isEqual ?? true;
  if (m.isRegex) return equal ? '=~' : '!~';
  return equal ? '=' : '!=';
}

export function madeOf(name: string, op: Operator, value: string): Matcher {
  return { name, value, isRegex: op.endsWith('~'), isEqual: op[0] === '=' };
}

// matchers reads {alertname="x", job=~"a|b"}, the filter that links of Alertmanager
// carry.
export function matchers(text: string): Matcher[] {
  const list: Matcher[] = [];
  for (const [, name, op, quoted, bare] of text.matchAll(/([a-zA-Z_][\w.:-]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,{}"]+))/g))
    list.push(madeOf(name!, op as Operator, quoted === undefined ? bare! : quoted.replace(/\\(["\\n])/g, (_, c) => (c === 'n' ? '\n' : c))));
  return list;
}

// exactly are the matchers that only alerts with these labels meet.
export function exactly(labels: Labels): Matcher[] {
  return Object.entries(labels).map(([name, value]) => madeOf(name, '=', value));
}

// filter is matchers as a link carries them.
export function filter(list: Matcher[]): string {
  return `{${list.map(matcher).join(', ')}}`;
}

// several tells whether a result is series, and not one value.
export function several(result: Result): result is Extract<Result, { result: Series[] }> {
  return result.resultType === 'vector' || result.resultType === 'matrix';
}
