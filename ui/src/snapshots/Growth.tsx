import { Badge, Group, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useNavigate } from 'react-router';
import { answered, client } from '../api/client';
import type { components } from '../api/schema';
import { Grid, type Column } from '../parts/Grid';
import { Empty } from '../parts/States';
import { useShelf, useView } from './shelf';
import classes from './snapshots.module.css';
import { bytes, count, kilobytes, signed } from './words';

type Row = components['schemas']['Growth'];

// Classes over several snapshots, each with a small line.
export default function Growth() {
  const { get, set, order, setOrder } = useView();
  const shelf = useShelf();
  const navigate = useNavigate();
  const ids = get('snapshots')?.split(',') ?? [];
  const text = get('text') ?? '';
  const setText = useDebouncedCallback((t: string) => set({ text: t }, true), 200);
  if (ids.length < 2) return <Empty title="Growth needs two snapshots or more">Choose some in the list of snapshots.</Empty>;
  const names = ids.map((id) => shelf.data?.snapshots.find((s) => s.id === id)?.name ?? id);
  const columns: Column<Row>[] = [
    {
      key: 'name',
      title: 'Constructor',
      sort: true,
      ascending: true,
      cell: (r) => (
        <>
          {r.name}
          {r.always && ids.length > 2 && (
            <Badge size="xs" color="red" variant="outline" ml={6}>
              in every step
            </Badge>
          )}
        </>
      ),
    },
    { key: 'line', title: 'Shallow Size', width: 120, cell: (r) => <Line values={r.shallow} />, exact: (r) => r.shallow.map((n, i) => `${names[i]}: ${bytes(n)}, ${count(r.counts[i] ?? 0)} objects`).join('\n') },
    { key: 'more', title: 'Objects', width: 110, sort: true, cell: (r) => signed(r.more) },
    { key: 'grown', title: 'Size', width: 130, sort: true, cell: (r) => signed(r.grown, kilobytes), exact: (r) => bytes(r.grown) },
    { key: 'last', title: 'Last', width: 120, cell: (r) => kilobytes(r.shallow[r.shallow.length - 1] ?? 0) },
  ];
  return (
    <div className={classes.page}>
      <div>
        <Title order={2} size="h4">
          Growth
        </Title>
        <Text size="sm" c="dimmed">
          {names.join(' → ')}
        </Text>
      </div>
      <Group>
        <TextInput size="xs" w={200} placeholder="Filter by class" aria-label="Filter by class" defaultValue={text} onChange={(e) => setText(e.currentTarget.value)} />
      </Group>
      <div className={classes.upper}>
        <Grid<Row>
          label="Growth"
          what={['class', 'classes']}
          columns={columns}
          of={[ids, text]}
          order={order}
          setOrder={setOrder}
          fetch={(_, w) => answered(client.GET('/api/growth', { params: { query: { ...w, snapshots: ids, text } } }))}
          id={(r) => r.key}
          enter={() => navigate(`/snapshots/${ids[ids.length - 1]}/comparison?base=${ids[0]}`)}
          empty="No class’s name contains this text."
        />
      </div>
    </div>
  );
}

function Line({ values }: { values: number[] }) {
  const top = Math.max(1, ...values);
  const points = values.map((v, i) => `${(i / Math.max(1, values.length - 1)) * 96 + 2},${16 - (v / top) * 13}`).join(' ');
  return (
    <svg width="100" height="18" className={classes.spark} aria-hidden>
      <polyline points={points} fill="none" stroke="var(--mantine-primary-color-filled)" strokeWidth="1.5" />
    </svg>
  );
}
