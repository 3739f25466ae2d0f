import { ActionIcon, Group, Select, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconRoute } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { answered, client } from '../api/client';
import { Grid, type Column } from '../parts/Grid';
import { Label, sizes } from './columns';
import { file, useView } from './shelf';
import type { ViewProps } from './Snapshot';
import classes from './snapshots.module.css';
import { choices, count, filterLabel, type ClassRow, type Thing } from './words';

type Row = { class: ClassRow } | { object: Thing };

const figures = (r: Row) => ('class' in r ? r.class : r.object);

// The Summary perspective: classes of objects; below a class its objects.
export function Summary({ snapshot, all, selected, select, enter }: ViewProps) {
  const { get, set, order, setOrder } = useView();
  const navigate = useNavigate();
  const id = snapshot.id;
  const objects = get('objects') ?? '';
  const text = get('text') ?? '';
  const setText = useDebouncedCallback((t: string) => set({ text: t }, true), 200);
  const filters = useQuery({
    queryKey: ['filters', id],
    queryFn: () => answered(client.GET('/api/snapshots/{id}/filters', { params: { path: { id } } })),
    staleTime: Infinity,
  });
  const columns: Column<Row>[] = [
    {
      key: 'name',
      title: 'Constructor',
      sort: true,
      ascending: true,
      cell: (r) =>
        'class' in r ? (
          <>
            {r.class.name}{' '}
            <span className={classes.id}>×{count(r.class.count)}</span>
          </>
        ) : (
          <Label thing={r.object} />
        ),
    },
    { key: 'count', title: 'Count', width: 80, sort: true, cell: (r) => ('class' in r ? count(r.class.count) : '') },
    ...sizes<ClassRow | Thing>(snapshot.total ?? 0).map((c): Column<Row> => ({ ...c, cell: (r) => c.cell(figures(r)), exact: c.exact && ((r) => c.exact!(figures(r))) })),
  ];
  return (
    <div className={classes.page} style={{ height: '100%', minHeight: 0 }}>
      <Group gap="xs">
        <TextInput size="xs" w={200} placeholder="Filter by class" aria-label="Filter by class" defaultValue={text} onChange={(e) => setText(e.currentTarget.value)} />
        <Select
          size="xs"
          w={360}
          aria-label="Objects"
          value={objects}
          onChange={(v) => set({ objects: v ?? undefined, object: undefined })}
          allowDeselect={false}
          data={[{ value: '', label: 'All objects' }, ...choices(all, id), ...(filters.data?.filters ?? []).map((f) => ({ value: f, label: filterLabel(f) }))]}
        />
      </Group>
      <div className={classes.upper}>
        <Grid<Row>
          label="Summary"
          what={['class', 'classes']}
          columns={columns}
          of={[id, objects, text]}
          order={order}
          setOrder={setOrder}
          fetch={async (above, w) => {
            const last = above[above.length - 1];
            if (!last) {
              const page = await answered(client.GET('/api/snapshots/{id}/summary', { params: { path: { id }, query: { ...w, objects, text } } }));
              return { total: page.total, rows: page.rows.map((r) => ({ class: r })) };
            }
            // The order of objects is that of their class's column, where they have it.
            const own = w.sort === 'name' || w.sort === 'count' ? { offset: w.offset, limit: w.limit } : w;
            const page = await answered(client.GET('/api/snapshots/{id}/instances', { params: { path: { id }, query: { ...own, objects, key: 'class' in last ? last.class.key : '' } } }));
            return { total: page.total, rows: page.rows.map((r) => ({ object: r })) };
          }}
          expandable={(r) => 'class' in r}
          id={(r) => ('class' in r ? r.class.key : String(r.object.id))}
          selected={selected}
          select={(r) => 'object' in r && select(r.object.id)}
          enter={(r) => 'object' in r && enter(r.object.id)}
          empty={text ? 'No class’s name contains this text.' : 'No object passes the filter.'}
          file={(form) => file(`/api/snapshots/${id}/summary`, { objects, text, sort: order.sort, desc: order.desc ? 'true' : undefined }, form)}
          menu={(r) =>
            'class' in r && (
              <Tooltip label="Merged retaining paths">
                <ActionIcon
                  size={18}
                  variant="subtle"
                  color="gray"
                  ml={6}
                  tabIndex={-1}
                  aria-label={`Merged retaining paths of ${r.class.name}`}
                  onClick={(e) => {
                    e.stopPropagation();
                    navigate(`/snapshots/${id}/paths?${new URLSearchParams({ key: r.class.key, name: r.class.name, objects })}`);
                  }}
                >
                  <IconRoute size={13} />
                </ActionIcon>
              </Tooltip>
            )
          }
        />
      </div>
    </div>
  );
}
