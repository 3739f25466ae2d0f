import type { components } from '../api/schema';
import { prometheus, type Result } from '../prometheus/api';
import { grid } from '../prometheus/panels';

type Sample = components['schemas']['Sample'];

// Where a monitor stores what it scrapes, an instance's past is longer than the page.
// Its number is in the label instance, or in exported_instance, when the scrape put its
// own address there.
function of(metric: string, app: string, instance: string, labels = ''): string {
  const where = (name: string) => `${metric}{app=${JSON.stringify(app)},${name}=${JSON.stringify(instance)}${labels}}`;
  return `(${where('instance')} or ${where('exported_instance')})`;
}

const figures: Record<Exclude<keyof Sample, 'time'>, (app: string, instance: string) => string> = {
  rss: (a, i) => `max(${of('process_resident_memory_bytes', a, i)})`,
  heapUsed: (a, i) => `max(${of('nodejs_heap_size_used_bytes', a, i)})`,
  heapTotal: (a, i) => `max(${of('nodejs_heap_size_total_bytes', a, i)})`,
  external: (a, i) => `max(${of('nodejs_external_memory_bytes', a, i)})`,
  arrayBuffers: (a, i) => `max(${of('plumb_array_buffers_bytes', a, i)})`,
  lag: (a, i) => `max(${of('nodejs_eventloop_lag_p99_seconds', a, i)})`,
  collections: (a, i) => `sum(${of('nodejs_gc_duration_seconds_count', a, i, ',kind="major"')})`,
  requests: (a, i) => `sum(${of('http_request_duration_seconds_count', a, i)})`,
  restarts: (a, i) => `sum(${of('plumb_restarts_total', a, i)})`,
};

// stored is an instance's past of so many seconds, as a monitor has it.
export async function stored(app: string, instance: string, range: number, signal?: AbortSignal): Promise<Sample[]> {
  const end = Date.now() / 1000;
  const step = Math.max(5, Math.floor(range / 400));
  const from = end - range;
  const names = Object.keys(figures) as (keyof typeof figures)[];
  const answers = await Promise.all(
    names.map(async (name) => {
      const { data } = await prometheus<Result>('query_range', { query: figures[name](app, instance), start: String(from), end: String(end), step: String(step) }, 'POST', signal);
      return data.resultType === 'matrix' ? data.result : [];
    }),
  );
  const { times, rows } = grid(from, end, step, answers.map((series) => series[0] ?? {}));
  return times.flatMap((t, i) => {
    if (rows.every((row) => row[i] === null)) return [];
    const sample: Record<string, number> = {};
    names.forEach((name, n) => (sample[name] = rows[n]![i] ?? 0));
    return [{ ...sample, time: new Date(t * 1000).toISOString() } as Sample];
  });
}
