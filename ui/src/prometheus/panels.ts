// The panels of the graph are in the address, under the names that Prometheus gives
// them: links of alerts and of other tools lead to the same graph.

export interface Panel {
  expr: string;
  tab: 'table' | 'graph';
  range: string; // 1h
  end: string; // 2006-01-02 15:04:05, UTC; '' is now
  step: string; // seconds; '' is as many as fit
  stacked: boolean;
}

export const fresh: Panel = { expr: '', tab: 'table', range: '1h', end: '', step: '', stacked: false };

export function read(query: URLSearchParams): Panel[] {
  const list: Panel[] = [];
  for (let i = 0; query.has(`g${i}.expr`); i++) {
    const get = (name: string) => query.get(`g${i}.${name}`) ?? '';
    const tab = get('tab');
    list.push({
      expr: get('expr'),
      tab: tab === '0' || tab === 'graph' ? 'graph' : 'table',
      range: get('range_input') || fresh.range,
      end: get('end_input'),
      step: get('step_input'),
      stacked: get('stacked') === '1' || get('display_mode') === 'stacked',
    });
  }
  return list.length ? list : [fresh];
}

export function write(panels: Panel[]): URLSearchParams {
  const query = new URLSearchParams();
  panels.forEach((p, i) => {
    query.set(`g${i}.expr`, p.expr);
    query.set(`g${i}.tab`, p.tab === 'graph' ? '0' : '1');
    if (p.range !== fresh.range) query.set(`g${i}.range_input`, p.range);
    if (p.end) query.set(`g${i}.end_input`, p.end);
    if (p.step) query.set(`g${i}.step_input`, p.step);
    if (p.stacked) query.set(`g${i}.stacked`, '1');
  });
  return query;
}

// time reads an end, in seconds; now when there is none.
export function time(end: string): number {
  const at = end ? Date.parse(`${end.replace(' ', 'T')}Z`) : Number.NaN;
  return (Number.isNaN(at) ? Date.now() : at) / 1000;
}

export function moment(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

// points is about as many as a chart has room for.
const points = 250;

export function stepFor(range: number, step: string): number {
  const given = Number(step);
  if (given > 0) return Math.max(given, range / 11_000); // the server's own limit
  return Math.max(Math.floor(range / points), 1);
}

// grid puts series on common times, with nothing where a series has no sample.
export function grid(from: number, to: number, step: number, all: { values?: [number, string][] }[]): { times: number[]; rows: (number | null)[][] } {
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  const times = Array.from({ length: count }, (_, i) => from + i * step);
  const rows = all.map((s) => {
    const row: (number | null)[] = new Array(count).fill(null);
    for (const [t, v] of s.values ?? []) {
      const n = Number(v);
      row[Math.round((t - from) / step)] = Number.isFinite(n) ? n : null;
    }
    return row;
  });
  return { times, rows };
}

// stack lays each row upon those before it.
export function stack(rows: (number | null)[][]): (number | null)[][] {
  const below = new Array(rows[0]?.length ?? 0).fill(0);
  return rows.map((row) => row.map((v, i) => (v === null ? null : (below[i] += v))));
}
