import type { Collectors } from './words';

// A Tone is what a collector thinks of an object.
export type Tone = 'white' | 'grey' | 'black' | 'swept';

// tones are the colours after a number of waves of mark and sweep: objects of the
// last wave are grey, those before it black; when no wave is left, what is white is
// swept.
export function tones(result: Collectors, wave: number): Map<number, Tone> {
  const all = new Map<number, Tone>();
  const waves = result.waves ?? [];
  for (const id of Object.keys(result.counts)) all.set(Number(id), 'white');
  waves.forEach((ids, n) => {
    for (const id of ids ?? []) {
      if (n < wave - 1) all.set(id, 'black');
      else if (n === wave - 1) all.set(id, 'grey');
    }
  });
  if (wave > waves.length) {
    for (const ids of waves) for (const id of ids ?? []) all.set(id, 'black');
    for (const id of result.swept ?? []) all.set(id, 'swept');
  }
  return all;
}
