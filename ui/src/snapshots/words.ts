import type { components } from '../api/schema';
import { count, kilobytes } from '../parts/size';

type Schemas = components['schemas'];
export type Snapshot = Schemas['Snapshot'];
export type Thing = Schemas['Object'];
export type Reference = Schemas['Reference'];
export type ClassRow = Schemas['DevtoolsClassRow'];
export type DiffRow = Schemas['DevtoolsDiffRow'];

// Distances as the engine counts them: below zero nothing leads there, and from a
// great number on only V8 itself does.
const system = 100_000_000;
const unreachable = 200_000_000;

export function distance(d: number): string {
  if (d < 0 || d >= unreachable) return '−';
  return d >= system ? '−' : String(d);
}

export function share(bytes: number, total: number): string {
  return total > 0 ? `${Math.round((bytes / total) * 100)} %` : '';
}

export function signed(n: number, text: (n: number) => string = count): string {
  if (n === 0) return '0';
  return n > 0 ? `+${text(n)}` : `−${text(-n)}`;
}

export function bytes(n: number): string {
  return `${count(n)} B`;
}

export { count, kilobytes };

// between words the choice of objects, as DevTools does it.
export function filterLabel(name: string): string {
  const words: Record<string, string> = {
    '': 'All objects',
    duplicatedStrings: 'Duplicated strings',
    objectsRetainedByDetachedDomNodes: 'Objects retained by detached DOM nodes',
    objectsRetainedByContexts: 'Objects retained by contexts',
    objectsRetainedByConsole: 'Objects retained by DevTools Console',
    objectsRetainedByEventHandlers: 'Objects retained by event handlers',
    sharedNativeContext: 'Objects shared by native contexts',
    noNativeContext: 'Objects without a native context',
  };
  return words[name] ?? name.replace(/^nativeContext_/, 'Objects of native context #');
}

// choices are what the objects of a snapshot can be limited to by the snapshots before
// it: made before the first, between two, since the last.
export function choices(all: Snapshot[], id: string): { value: string; label: string }[] {
  const before = all.slice(0, all.findIndex((s) => s.id === id)).filter((s) => s.state !== 'failed');
  const first = before[0];
  if (!first) return [];
  const list = [{ value: `before:${first.id}`, label: `Objects allocated before ${first.name}` }];
  before.forEach((s, i) => {
    const next = before[i + 1];
    if (next) list.push({ value: `between:${s.id},${next.id}`, label: `Objects allocated between ${s.name} and ${next.name}` });
    else list.push({ value: `since:${s.id}`, label: `Objects allocated between ${s.name} and ${all.find((o) => o.id === id)?.name}` });
  });
  return list;
}
