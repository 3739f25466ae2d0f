import { Anchor, Breadcrumbs, SegmentedControl } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { hierarchy, treemap, type HierarchyRectangularNode } from 'd3-hierarchy';
import { answered, client } from '../api/client';
import type { components } from '../api/schema';
import { Grid, type Column } from '../parts/Grid';
import { count, size } from '../parts/size';
import { Failed, Waiting } from '../parts/States';
import { Label, sizes } from './columns';
import { useView } from './shelf';
import type { ViewProps } from './Snapshot';
import classes from './snapshots.module.css';
import type { Thing } from './words';

type Tile = components['schemas']['Tile'];

// What would be freed with what: the dominator tree, as rectangles or as rows.
export function Dominators(props: ViewProps) {
  const { get, set } = useView();
  const rows = get('as') === 'tree';
  return (
    <div className={classes.page} style={{ height: '100%', minHeight: 0 }}>
      <SegmentedControl
        size="xs"
        style={{ alignSelf: 'start' }}
        aria-label="Form"
        value={rows ? 'tree' : 'map'}
        onChange={(v) => set({ as: v === 'tree' ? 'tree' : undefined })}
        data={[
          { label: 'Treemap', value: 'map' },
          { label: 'Tree', value: 'tree' },
        ]}
      />
      <div className={classes.upper}>{rows ? <Rows {...props} /> : <Map {...props} />}</div>
    </div>
  );
}

function Rows({ snapshot, selected, select, enter }: ViewProps) {
  const { order, setOrder } = useView();
  const id = snapshot.id;
  const columns: Column<Thing>[] = [{ key: 'label', title: 'Object', sort: true, ascending: true, cell: (r) => <Label thing={r} /> }, ...sizes<Thing>(snapshot.total ?? 0)];
  return (
    <Grid<Thing>
      label="Dominators"
      what={['object', 'objects']}
      columns={columns}
      of={id}
      order={order}
      setOrder={setOrder}
      fetch={(above, w) => answered(client.GET('/api/snapshots/{id}/objects/{object}/dominated', { params: { path: { id, object: above.length ? `#${above[above.length - 1]!.node}` : '#0' }, query: w } }))}
      expandable={(r) => r.retained > r.shallow}
      id={(r) => String(r.id)}
      selected={selected}
      select={(r) => select(r.id)}
      enter={(r) => enter(r.id)}
      empty="It dominates nothing."
    />
  );
}

function Map({ snapshot, select }: ViewProps) {
  const { get, set } = useView();
  const { ref, width, height } = useElementSize();
  const id = snapshot.id;
  const root = get('root');
  const map = useQuery({
    queryKey: ['treemap', id, root],
    queryFn: () => answered(client.GET('/api/snapshots/{id}/treemap', { params: { path: { id }, query: { object: root, depth: 4 } } })),
    staleTime: Infinity,
  });
  if (map.error) return <Failed error={map.error} />;
  if (!map.data) return <Waiting what="Measuring" />;
  const { above, tile } = map.data;
  const zoom = (t: Thing) => set({ root: t.node === 0 ? undefined : `#${t.node}`, object: t.node === 0 ? undefined : String(t.id) });
  return (
    <div className={classes.page} style={{ height: '100%', minHeight: 0 }}>
      <Breadcrumbs fz="sm" separatorMargin={4}>
        {above.map((o) => (
          <Anchor key={o.node} component="button" fz="sm" onClick={() => zoom(o)}>
            {name(o)}
          </Anchor>
        ))}
        <span>
          {name(tile)}, {size(tile.retained)}
        </span>
      </Breadcrumbs>
      <div ref={ref} className={classes.upper} style={{ overflow: 'hidden' }}>
        {width > 0 && <Tiles tile={tile} width={width} height={height} zoom={zoom} select={select} />}
      </div>
    </div>
  );
}

const name = (t: Thing) => (t.node === 0 ? 'root' : `${t.label} @${t.id}`);

function Tiles({ tile, width, height, zoom, select }: { tile: Tile; width: number; height: number; zoom: (t: Thing) => void; select: (id: number) => void }) {
  // What is too small to be drawn keeps its place.
  const tree = hierarchy<Tile | { rest: number; of: number }>(tile, (t) => ('label' in t ? [...(t.children ?? []), ...(t.children && t.rest ? [{ rest: t.rest, of: t.restOf ?? 0 }] : [])] : []))
    .sum((t) => ('label' in t ? (t.children ? t.shallow : t.retained) : t.rest))
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const placed = treemap<Tile | { rest: number; of: number }>().size([width, height]).paddingTop(16).paddingInner(1).paddingRight(2).paddingBottom(2).paddingLeft(2)(tree);
  return (
    <svg width={width} height={height} className={classes.treemap} role="group" aria-label="Retained sizes as rectangles">
      {placed.descendants().map((node, i) => {
        const w = node.x1 - node.x0;
        const h = node.y1 - node.y0;
        if (w < 2 || h < 2) return null;
        return <Rectangle key={i} node={node} w={w} h={h} zoom={zoom} select={select} />;
      })}
    </svg>
  );
}

function Rectangle({ node, w, h, zoom, select }: { node: HierarchyRectangularNode<Tile | { rest: number; of: number }>; w: number; h: number; zoom: (t: Thing) => void; select: (id: number) => void }) {
  const t = node.data;
  const thing = 'label' in t ? t : undefined;
  const text = thing ? `${name(thing)}  ${size(thing.retained)}` : `${count('of' in t ? t.of : 0)} smaller objects, ${size('rest' in t ? t.rest ?? 0 : 0)}`;
  return (
    <g
      transform={`translate(${node.x0} ${node.y0})`}
      role={thing ? 'button' : 'img'}
      tabIndex={thing && w > 40 ? 0 : undefined}
      aria-label={text}
      onClick={() => thing && select(thing.id)}
      onDoubleClick={() => thing && zoom(thing)}
      onKeyDown={(e) => thing && e.key === 'Enter' && zoom(thing)}
      className={classes.tile}
    >
      <rect width={w} height={h} fill={thing ? `light-dark(hsl(${210 - node.depth * 22} 60% ${94 - node.depth * 5}%), hsl(${210 - node.depth * 22} 35% ${20 + node.depth * 6}%))` : 'var(--mantine-color-default-hover)'} />
      {w > 44 && h > 14 && (
        <text x={4} y={12}>
          {text.slice(0, Math.floor((w - 8) / 6))}
        </text>
      )}
      <title>{`${text}${thing ? ' (double click goes into it)' : ''}`}</title>
    </g>
  );
}
