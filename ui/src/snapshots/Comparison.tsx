import { Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { answered, client } from '../api/client';
import { Grid, type Column } from '../parts/Grid';
import { Empty } from '../parts/States';
import type { components } from '../api/schema';
import { Label } from './columns';
import { file, useView } from './shelf';
import type { ViewProps } from './Snapshot';
import classes from './snapshots.module.css';
import { bytes, count, kilobytes, signed, type DiffRow } from './words';

type Changed = components['schemas']['Changed'];
type Row = { class: DiffRow } | { object: Changed };

// The Comparison perspective: what is new and what is gone since another snapshot.
export function Comparison({ snapshot, all, selected, select, enter }: ViewProps) {
  const { get, set, order, setOrder } = useView();
  const id = snapshot.id;
  const others = all.filter((s) => s.id !== id && s.state !== 'failed');
  const before = all.slice(0, all.findIndex((s) => s.id === id)).filter((s) => s.state !== 'failed');
  const base = get('base') ?? (before[before.length - 1] ?? others[0])?.id;
  const text = get('text') ?? '';
  const setText = useDebouncedCallback((t: string) => set({ text: t }, true), 200);
  if (!base) return <Empty title="There is nothing to compare with">Drop another snapshot of the same process.</Empty>;
  const number = (key: 'new' | 'deleted' | 'delta', title: string): Column<Row> => ({
    key,
    title,
    width: 90,
    sort: true,
    cell: (r) => {
      if ('class' in r) return key === 'delta' ? signed(r.class.delta) : count(r.class[key]);
      return r.object.change === key ? '•' : '';
    },
  });
  const column = (key: 'allocSize' | 'freedSize' | 'sizeDelta', title: string): Column<Row> => ({
    key,
    title,
    width: 110,
    sort: true,
    cell: (r) => {
      if ('class' in r) return key === 'sizeDelta' ? signed(r.class.sizeDelta, kilobytes) : kilobytes(r.class[key]);
      if (key === 'sizeDelta') return '';
      return (key === 'allocSize') === (r.object.change === 'new') ? kilobytes(r.object.shallow) : '';
    },
    exact: (r) => ('class' in r ? bytes(r.class[key]) : bytes(r.object.shallow)),
  });
  const columns: Column<Row>[] = [
    { key: 'name', title: 'Constructor', sort: true, ascending: true, cell: (r) => ('class' in r ? r.class.name : <Label thing={r.object} />) },
    number('new', '# New'),
    number('deleted', '# Deleted'),
    number('delta', '# Delta'),
    column('allocSize', 'Alloc. Size'),
    column('freedSize', 'Freed Size'),
    column('sizeDelta', 'Size Delta'),
  ];
  return (
    <div className={classes.page} style={{ height: '100%', minHeight: 0 }}>
      <Group gap="xs">
        <TextInput size="xs" w={200} placeholder="Filter by class" aria-label="Filter by class" defaultValue={text} onChange={(e) => setText(e.currentTarget.value)} />
        <Select size="xs" w={360} aria-label="Base" value={base} onChange={(v) => set({ base: v ?? undefined, object: undefined })} allowDeselect={false} data={others.map((s) => ({ value: s.id, label: `Compared with ${s.name}` }))} />
      </Group>
      <div className={classes.upper}>
        <Grid<Row>
          label="Comparison"
          what={['class', 'classes']}
          columns={columns}
          of={[id, base, text]}
          order={order}
          setOrder={setOrder}
          fetch={async (above, w) => {
            const last = above[above.length - 1];
            if (!last) {
              const page = await answered(client.GET('/api/snapshots/{id}/comparison', { params: { path: { id }, query: { ...w, base, text } } }));
              return { total: page.total, rows: page.rows.map((r) => ({ class: r })) };
            }
            const page = await answered(client.GET('/api/snapshots/{id}/changed', { params: { path: { id }, query: { offset: w.offset, limit: w.limit, base, key: 'class' in last ? last.class.key : '' } } }));
            return { total: page.total, rows: page.rows.map((r) => ({ object: r })) };
          }}
          expandable={(r) => 'class' in r}
          id={(r) => ('class' in r ? r.class.key : String(r.object.id))}
          selected={selected}
          select={(r) => 'object' in r && r.object.change === 'new' && select(r.object.id)}
          enter={(r) => 'object' in r && r.object.change === 'new' && enter(r.object.id)}
          empty="Nothing differs."
          file={(form) => file(`/api/snapshots/${id}/comparison`, { base, text, sort: order.sort, desc: order.desc ? 'true' : undefined }, form)}
        />
      </div>
    </div>
  );
}
