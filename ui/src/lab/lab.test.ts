import { expect, test } from 'vitest';
import { draw } from './graph';
import { tones } from './tone';
import type { Collectors, Stop } from './words';

const stop: Stop = {
  difference: '',
  holders: {},
  inV8: [['reference on the stack', 'string on the heap, its reference on the stack', 'small integer, on the stack', 'reference in a Context on the heap']],
  step: {
    file: 0, line: 1, column: 0,
    frames: [
      {
        function: 'f', file: 0, line: 1,
        variables: [
          { name: 'user', scope: 'local', value: { type: 'object', ref: 1 } },
          { name: 'text', scope: 'local', value: { type: 'string', text: '"a"' } },
          { name: 'n', scope: 'local', value: { type: 'number', text: '1' } },
          { name: 'kept', scope: 'closure', context: true, value: { type: 'object', ref: 2 } },
        ],
      },
    ],
    objects: [
      { id: 1, class: 'Object', props: [{ name: 'other', value: { type: 'object', ref: 2 } }, { name: 'gone', value: { type: 'object', ref: 9 } }] },
      { id: 2, class: 'WeakRef', props: [{ name: 'target', weak: true, value: { type: 'object', ref: 1 } }] },
    ],
  },
};

test('the textbook has objects alone on the heap', () => {
  const { boxes, roots, arrows } = draw(stop, false);
  expect(boxes.map((b) => b.title)).toEqual(['@1 Object', '@2 WeakRef']);
  expect(roots.map((r) => r.title)).toEqual(['user', 'kept']);
  expect(arrows.map((a) => [a.from, a.to, a.name])).toEqual([
    ['v0.0', 'o1', 'user'],
    ['v0.3', 'o2', 'kept'],
    ['o1', 'o2', '@1.other'],
    ['o2', 'o1', undefined], // nobody cuts what keeps nothing alive
  ]);
});

test('V8 has strings and Contexts there, too', () => {
  const { boxes, roots, arrows } = draw(stop, true);
  expect(boxes.map((b) => b.title)).toEqual(['@1 Object', '@2 WeakRef', 'string', 'Context']);
  expect(roots.map((r) => r.title)).toEqual(['user', 'text']);
  expect(arrows.find((a) => a.from === 'c0')).toMatchObject({ to: 'o2', name: 'kept' });
});

test('mark and sweep goes wave by wave', () => {
  const result: Collectors = { step: 1, waves: [[1], [2]], swept: [3], counts: { 1: 1, 2: 1, 3: 1 }, freedByCounting: [], leakedByCounting: [3], diedInV8: [] };
  const at = (wave: number) => [...tones(result, wave).values()].join(' ');
  expect(at(0)).toBe('white white white');
  expect(at(1)).toBe('grey white white');
  expect(at(2)).toBe('black grey white');
  expect(at(3)).toBe('black black swept');
});
