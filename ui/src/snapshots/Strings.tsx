import { answered, client } from '../api/client';
import type { components } from '../api/schema';
import { Grid, type Column } from '../parts/Grid';
import { file, useView } from './shelf';
import type { ViewProps } from './Snapshot';
import classes from './snapshots.module.css';
import { bytes, count, kilobytes } from './words';

type Row = components['schemas']['Text'];

// Strings that the heap holds more than once.
export function Strings({ snapshot, selected, select, enter }: ViewProps) {
  const { order, setOrder } = useView();
  const id = snapshot.id;
  const column = (key: 'shallow' | 'retained', title: string): Column<Row> => ({ key, title, width: 120, sort: true, cell: (r) => kilobytes(r[key]), exact: (r) => bytes(r[key]) });
  const columns: Column<Row>[] = [
    { key: 'value', title: 'String', sort: true, ascending: true, cell: (r) => <span className={classes.text}>"{r.value}"{r.truncated && '…'}</span>, exact: (r) => r.value },
    { key: 'count', title: 'Count', width: 90, sort: true, cell: (r) => count(r.count) },
    column('shallow', 'Shallow Size'),
    column('retained', 'Retained Size'),
  ];
  return (
    <Grid<Row>
      label="Duplicate strings"
      what={['string', 'strings']}
      columns={columns}
      of={id}
      order={order}
      setOrder={setOrder}
      fetch={(_, w) => answered(client.GET('/api/snapshots/{id}/strings', { params: { path: { id }, query: w } }))}
      id={(r) => String(r.first)}
      selected={selected}
      select={(r) => select(r.first)}
      enter={(r) => enter(r.first)}
      empty="No string is there twice."
      file={(form) => file(`/api/snapshots/${id}/strings`, {}, form)}
    />
  );
}
