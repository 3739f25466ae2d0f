import { expect, test } from 'vitest';
import { Tree, type Line } from './tree';

interface Row {
  name: string;
  below: number;
}

// A server with three rows, each with as many below as its name says.
function server() {
  const asked: string[] = [];
  const fetch = async (above: Row[], { offset, limit }: { offset: number; limit: number }) => {
    asked.push(`${above.map((r) => r.name).join('/')}:${offset}`);
    const total = above.length ? above[above.length - 1]!.below : 3;
    const rows = Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, i) => ({ name: `${above.map((r) => r.name + '.').join('')}${offset + i}`, below: above.length ? 2 : [250, 0, 1][offset + i]! }));
    return { total, rows };
  };
  return { asked, fetch };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));
const names = (tree: Tree<Row>, from: number, to: number) => Array.from({ length: to - from }, (_, i) => tree.line(from + i).row?.name);

test('rows open in place, and what is looked at is asked for', async () => {
  const { asked, fetch } = server();
  const tree = new Tree<Row>(fetch, {}, () => {});
  expect(tree.size).toBe(1);
  await settled();
  expect(names(tree, 0, 3)).toEqual(['0', '1', '2']);

  tree.toggle(tree.line(2));
  tree.toggle(tree.line(0));
  await settled();
  expect(tree.size).toBe(3 + 250 + 1);
  expect(names(tree, 0, 3)).toEqual(['0', '0.0', '0.1']);
  expect(asked).toEqual([':0', '2:0', '0:0']);
  expect(tree.line(201).row).toBeUndefined();
  await settled();
  expect(names(tree, 201, 202)).toEqual(['0.200']);
  expect(names(tree, 251, 254)).toEqual(['1', '2', '2.0']);
  expect(tree.line(253).depth).toBe(2);

  tree.toggle(tree.line(201) as Line<Row>);
  await settled();
  expect(names(tree, 204, 205)).toEqual(['0.201']);
  expect(tree.line(202).depth).toBe(3);

  tree.toggle(tree.line(0));
  expect(tree.size).toBe(4);
  expect(names(tree, 0, 4)).toEqual(['0', '1', '2', '2.0']);
});

test('first rows unfold', async () => {
  const { fetch } = server();
  const tree = new Tree<Row>(fetch, {}, () => {}, (_, depth) => depth < 3);
  await settled();
  await settled();
  await settled();
  expect(names(tree, 0, 4)).toEqual(['0', '0.0', '0.0.0.0', '0.0.0.1']);
});

test('a listing that fails says so', async () => {
  const tree = new Tree<Row>(() => Promise.reject(new Error('gone')), {}, () => {});
  await settled();
  expect(tree.error?.message).toBe('gone');
});
