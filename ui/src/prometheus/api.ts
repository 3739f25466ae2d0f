import { Failure } from '../api/client';

// Prometheus' and Alertmanager's own APIs, as far as the page asks them:
// https://prometheus.io/docs/prometheus/latest/querying/api/ and Alertmanager's
// api/v2/openapi.yaml.

export type Labels = Record<string, string>;
export type Point = [number, string]; // seconds since 1970, the value as text

// prometheus asks /api/v1; what is long goes in the body.
export async function prometheus<T>(path: string, params: Record<string, string> = {}, method: 'GET' | 'POST' = 'GET', signal?: AbortSignal): Promise<{ data: T; warnings?: string[]; infos?: string[] }> {
  const query = new URLSearchParams(params).toString();
  const answer = await send(`/api/v1/${path}${method === 'GET' && query ? `?${query}` : ''}`, {
    method,
    signal,
    ...(method === 'POST' ? { body: query, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } } : {}),
  });
  return answer as { data: T; warnings?: string[]; infos?: string[] };
}

// alertmanager asks /api/v2.
export async function alertmanager<T>(path: string, method: 'GET' | 'POST' | 'DELETE' = 'GET', body?: unknown): Promise<T> {
  return (await send(`/api/v2/${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }) })) as T;
}

async function send(url: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Failure('plumb monitor does not answer', 'it may have ended: look at the terminal where it was started');
  }
  const text = await response.text();
  let data: unknown;
  try {
    data = text ? JSON.parse(text) : undefined;
  } catch {
    data = text; // a refusal in plain words
  }
  if (response.ok) return data;
  throw new Failure(reason(data) || response.statusText, response.status === 401 ? 'open this page once with the token in its address: /?token=TOKEN' : undefined, response.status);
}

function reason(data: unknown): string {
  if (typeof data === 'string') return data.trim();
  const { error, message } = (data ?? {}) as { error?: string; message?: string };
  return error ?? message ?? '';
}

export interface Series {
  metric: Labels;
  value?: Point; // of a vector
  values?: Point[]; // of a matrix
  histogram?: [number, { count: string; sum: string }];
  histograms?: [number, { count: string; sum: string }][];
}

export type Result = { resultType: 'vector' | 'matrix'; result: Series[] } | { resultType: 'scalar' | 'string'; result: Point };

export interface Target {
  labels: Labels;
  discoveredLabels: Labels;
  scrapePool: string;
  scrapeUrl: string;
  lastError: string;
  lastScrape: string;
  lastScrapeDuration: number;
  health: 'up' | 'down' | 'unknown';
  scrapeInterval: string;
  scrapeTimeout: string;
}

export interface Targets {
  activeTargets: Target[];
  droppedTargetCounts: Record<string, number>;
}

export interface ActiveAlert {
  labels: Labels;
  annotations: Labels;
  state: 'pending' | 'firing';
  activeAt: string;
  value: string;
}

export interface Rule {
  type: 'alerting' | 'recording';
  name: string;
  query: string;
  health: 'ok' | 'err' | 'unknown';
  lastError?: string;
  evaluationTime: number;
  lastEvaluation: string;
  labels?: Labels;
  // of alerting rules
  state?: 'inactive' | 'pending' | 'firing';
  duration?: number;
  keepFiringFor?: number;
  annotations?: Labels;
  alerts?: ActiveAlert[];
}

export interface Group {
  name: string;
  file: string;
  interval: number;
  rules: Rule[];
}

// An alert as Alertmanager has it: with the finding that the monitor gave it.
export interface Notified {
  fingerprint: string;
  labels: Labels;
  annotations: Labels;
  startsAt: string;
  generatorURL?: string;
  status: { state: 'unprocessed' | 'active' | 'suppressed'; silencedBy: string[]; inhibitedBy: string[] };
  receivers: { name: string }[];
}

export interface Matcher {
  name: string;
  value: string;
  isRegex: boolean;
  isEqual?: boolean;
}

export interface Silence {
  id: string;
  status: { state: 'active' | 'pending' | 'expired' };
  matchers: Matcher[];
  startsAt: string;
  endsAt: string;
  updatedAt: string;
  createdBy: string;
  comment: string;
}
