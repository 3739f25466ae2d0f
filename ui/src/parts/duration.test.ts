import { expect, test } from 'vitest';
import { duration } from './duration';

test.each([
  [0, '0 s'],
  [8.4, '8 s'],
  [60, '1 min'],
  [750, '12 min 30 s'],
  [3 * 86400 + 4 * 3600 + 59, '3 d 4 h'],
])('%d s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
