import { answered, client } from '../api/client';
import { Grid, type Column } from '../parts/Grid';
import { Label, sizes } from './columns';
import { useView } from './shelf';
import type { ViewProps } from './Snapshot';
import classes from './snapshots.module.css';
import type { Reference } from './words';

// Edge is a reference and the object that it leads to, or comes from.
export function Edge({ row, word }: { row: Reference; word: string }) {
  return (
    <>
      <span className={classes.edge}>{row.edgeType === 'element' ? `[${row.edge}]` : row.edge}</span> <span className={classes.id}>{word}</span> <Label thing={row} />
    </>
  );
}

// The Containment perspective: from the roots along references.
export function Containment({ snapshot, selected, select, enter }: ViewProps) {
  const { order, setOrder } = useView();
  return <References snapshot={snapshot} object="#0" label="Containment" selected={selected} select={select} enter={enter} order={order} setOrder={setOrder} />;
}

interface Props extends Pick<ViewProps, 'snapshot' | 'selected' | 'select' | 'enter'> {
  object: string;
  label: string;
  order?: ReturnType<typeof useView>['order'];
  setOrder?: ReturnType<typeof useView>['setOrder'];
}

// References are what an object refers to, and what that does.
export function References({ snapshot, object, label, selected, select, enter, order, setOrder }: Props) {
  const id = snapshot.id;
  const columns: Column<Reference>[] = [{ key: 'edge', title: 'Object', sort: true, ascending: true, cell: (r) => <Edge row={r} word="::" /> }, ...sizes<Reference>(snapshot.total ?? 0)];
  return (
    <Grid<Reference>
      label={label}
      what={['reference', 'references']}
      columns={columns}
      of={[id, object]}
      order={order}
      setOrder={setOrder}
      fetch={(above, w) => answered(client.GET('/api/snapshots/{id}/objects/{object}/references', { params: { path: { id, object: above.length ? `#${above[above.length - 1]!.node}` : object }, query: w } }))}
      expandable={(r) => r.edges > 0}
      id={(r) => String(r.id)}
      selected={selected}
      select={(r) => select(r.id)}
      enter={(r) => enter(r.id)}
      empty="It refers to nothing."
      file={(form) => `/api/snapshots/${id}/objects/${encodeURIComponent(object)}/references.${form}`}
    />
  );
}
