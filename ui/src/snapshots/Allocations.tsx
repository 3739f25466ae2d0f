import { answered, client } from '../api/client';
import type { components } from '../api/schema';
import { Grid, type Column } from '../parts/Grid';
import { file, useView } from './shelf';
import type { ViewProps } from './Snapshot';
import classes from './snapshots.module.css';
import { bytes, count, kilobytes } from './words';

type Row = components['schemas']['Allocator'];

// The functions that allocated, while that was recorded; below each those that called it.
export function Allocations({ snapshot }: ViewProps) {
  const { order, setOrder } = useView();
  const id = snapshot.id;
  const number = (key: 'liveCount' | 'count', title: string): Column<Row> => ({ key, title, width: 110, sort: true, cell: (r) => count(r[key]) });
  const column = (key: 'liveSize' | 'size', title: string): Column<Row> => ({ key, title, width: 120, sort: true, cell: (r) => kilobytes(r[key]), exact: (r) => bytes(r[key]) });
  const columns: Column<Row>[] = [
    {
      key: 'function',
      title: 'Function',
      cell: (r) => (
        <>
          {r.function || '(anonymous)'} <span className={classes.id}>{r.script && `${r.script}:${r.line}`}</span>
        </>
      ),
    },
    number('liveCount', 'Live Count'),
    number('count', 'Count'),
    column('liveSize', 'Live Size'),
    column('size', 'Size'),
  ];
  return (
    <Grid<Row>
      label="Allocations"
      what={['function', 'functions']}
      columns={columns}
      of={id}
      order={order}
      setOrder={setOrder}
      fetch={(above, w) =>
        above.length
          ? answered(client.GET('/api/snapshots/{id}/callers', { params: { path: { id }, query: { ...w, of: above.map((r) => r.index).join('.') } } }))
          : answered(client.GET('/api/snapshots/{id}/allocations', { params: { path: { id }, query: w } }))
      }
      expandable={(r) => r.called}
      id={(r) => String(r.index)}
      empty="No allocation was recorded."
      file={(form) => file(`/api/snapshots/${id}/allocations`, {}, form)}
    />
  );
}
