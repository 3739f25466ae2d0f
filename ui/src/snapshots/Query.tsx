import { answered, client } from '../api/client';
import { Grid, type Column } from '../parts/Grid';
import { Empty } from '../parts/States';
import { Label, sizes } from './columns';
import { file, useView } from './shelf';
import type { ViewProps } from './Snapshot';
import type { Thing } from './words';

// The objects that a query finds.
export function Query({ snapshot, selected, select, enter }: ViewProps) {
  const { get, order, setOrder } = useView();
  const id = snapshot.id;
  const q = get('q') ?? '';
  if (!q) return <Empty title="Ask something">Words are searched for in names. Conditions: class:Map, retained&gt;1MB, shallow&lt;100kB, id:123, name~^cache, path:sessions, type:string, distance&lt;5, detached.</Empty>;
  const columns: Column<Thing>[] = [
    { key: 'label', title: 'Object', sort: true, ascending: true, cell: (r) => <Label thing={r} /> },
    { key: 'type', title: 'Type', width: 130, cell: (r) => r.type },
    ...sizes<Thing>(snapshot.total ?? 0),
  ];
  return (
    <Grid<Thing>
      label="Query"
      what={['object', 'objects']}
      columns={columns}
      of={[id, q]}
      order={order}
      setOrder={setOrder}
      fetch={(_, w) => answered(client.GET('/api/snapshots/{id}/query', { params: { path: { id }, query: { ...w, q } } }))}
      id={(r) => String(r.id)}
      selected={selected}
      select={(r) => select(r.id)}
      enter={(r) => enter(r.id)}
      empty="No object passes."
      file={(form) => file(`/api/snapshots/${id}/query`, { q, sort: order.sort, desc: order.desc ? 'true' : undefined }, form)}
    />
  );
}
