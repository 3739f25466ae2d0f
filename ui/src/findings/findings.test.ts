import { expect, test } from 'vitest';
import { fitted } from './Block';
import { side } from './sides';

test('the line that fits best', () => {
  expect(fitted([1, 3, 5, 7])).toEqual({ slope: 2, start: 1 });
  const { slope, start } = fitted([1, 2, 6, 7]);
  expect(slope).toBeCloseTo(2.2);
  expect(start).toBeCloseTo(0.7);
  expect(fitted([4])).toEqual({ slope: 0, start: 4 });
});

test('facts of two reports stand beside each other', () => {
  const facts = (heading: string, ...pairs: [string, string][]) => ({ heading, facts: pairs });
  expect(side([facts('1. leaking: cache', ['members', '1'], ['cause', 'x'])], [facts('cache', ['members', '2']), facts('other', ['members', '3'])])).toEqual([
    { heading: 'cache', name: 'members', before: '1', after: '2' },
    { heading: 'cache', name: 'cause', before: 'x' },
    { heading: 'other', name: 'members', after: '3' },
  ]);
});
