import { Badge } from '@mantine/core';
import type { Column } from '../parts/Grid';
import { bytes, distance, kilobytes, share, type Thing } from './words';
import classes from './snapshots.module.css';

// Label is an object as DevTools writes it: strings red, others plain, its id behind.
export function Label({ thing }: { thing: Thing }) {
  const text = ['string', 'concatenated string', 'sliced string'].includes(thing.type);
  return (
    <span title={thing.label}>
      {thing.detached && (
        <Badge size="xs" color="red" variant="outline" mr={4}>
          detached
        </Badge>
      )}
      <span className={text ? classes.text : thing.type === 'closure' ? classes.function : undefined}>{thing.label}</span> <span className={classes.id}>@{thing.id}</span>
    </span>
  );
}

// sizes are the columns of distance and sizes that every grid has.
export function sizes<Row extends { distance: number; shallow: number; retained: number }>(total: number, sort = true): Column<Row>[] {
  const column = (key: 'shallow' | 'retained', title: string): Column<Row> => ({
    key,
    title,
    width: 150,
    sort,
    cell: (r) => (
      <>
        {kilobytes(r[key])} <span className={classes.share}>{share(r[key], total)}</span>
      </>
    ),
    exact: (r) => bytes(r[key]),
  });
  return [
    { key: 'distance', title: 'Distance', width: 92, sort, ascending: true, cell: (r) => distance(r.distance) },
    column('shallow', 'Shallow Size'),
    column('retained', 'Retained Size'),
  ];
}
