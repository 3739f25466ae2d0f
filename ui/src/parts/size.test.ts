import { expect, test } from 'vitest';
import { kilobytes, size } from './size';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [1049, '1.0 kB'],
  [1050, '1.1 kB'],
  [99_949, '99.9 kB'],
  [100_000, '100 kB'],
  [999_999, '1,000 kB'],
  [1_000_000, '1.0 MB'],
  [99_999_999, '100.0 MB'],
  [123_456_789, '123 MB'],
  [2_600_000_000, '2,600 MB'],
  [-1050, '−1.1 kB'],
])('size(%d)', (bytes, text) => expect(size(bytes)).toBe(text));

test('columns keep one unit', () => {
  expect(kilobytes(12)).toBe('0.0 kB');
  expect(kilobytes(123_456_789)).toBe('123,457 kB');
});
