import { ActionIcon, Group, Menu, Text } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconDownload, IconSortAscending, IconSortDescending } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useReducer, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import classes from './Grid.module.css';
import { Failed } from './States';
import { count } from './size';
import { Tree, type Fetch, type Line, type Order } from './tree';

export interface Column<Row> {
  key: string;
  title: string;
  width?: number; // in pixels; the first column takes what is left
  sort?: boolean;
  ascending?: boolean; // what the first click sorts by; numbers begin with the greatest
  cell: (row: Row) => ReactNode;
  exact?: (row: Row) => string; // on hover
}

interface Props<Row> {
  label: string;
  columns: Column<Row>[];
  fetch: Fetch<Row>;
  // What the rows depend on besides their order: another value means other rows.
  of: unknown;
  id: (row: Row) => string;
  order?: Order;
  setOrder?: (order: Order) => void;
  expandable?: (row: Row) => boolean;
  unfold?: (row: Row, depth: number) => boolean; // the first row of a listing opens by itself
  selected?: string;
  select?: (row: Row) => void;
  enter?: (row: Row) => void; // Enter, double click
  empty: ReactNode;
  what: [one: string, several: string]; // that the rows are
  file?: (form: 'csv' | 'json') => string;
  menu?: (row: Row) => ReactNode;
}

const rowHeight = 24;
const most = 1_200_000; // rows: beyond, browsers lose count of pixels

// Grid is a table of any length, whose rows may open. Its rows and their order are the
// server's. Arrow keys go up and down, open and close.
export function Grid<Row>(props: Props<Row>) {
  const { columns, fetch, of, order = {}, setOrder, what } = props;
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const key = JSON.stringify([of, order]);
  const asking = useRef(fetch);
  asking.current = fetch;
  const tree = useMemo(() => new Tree<Row>((above, window) => asking.current(above, window), order, redraw, props.unfold), [key]);
  const [active, setActive] = useState(0);
  useEffect(() => setActive(0), [key]);

  const box = useRef<HTMLDivElement>(null);
  const size = Math.min(tree.size, most);
  const rows = useVirtualizer({ count: size, getScrollElement: () => box.current, estimateSize: () => rowHeight, overscan: 8 });
  const waiting = tree.total === undefined ? `looking for ${what[1]}…` : '…';
  const template = columns.map((c, i) => (c.width ? `${c.width}px` : i === 0 ? 'minmax(220px, 1fr)' : '1fr')).join(' ');

  if (tree.error) return <Failed error={tree.error} />;
  const sortBy = (c: Column<Row>) => {
    if (!c.sort || !setOrder) return;
    setOrder(order.sort === c.key ? { sort: c.key, desc: !order.desc } : { sort: c.key, desc: !c.ascending });
  };
  const move = (to: number) => {
    const at = Math.min(size - 1, Math.max(0, to));
    setActive(at);
    rows.scrollToIndex(at);
    const { row } = tree.line(at);
    if (row) props.select?.(row);
  };
  const press = (e: KeyboardEvent) => {
    const line = tree.line(active);
    const opens = !!line.row && (props.expandable?.(line.row) ?? false);
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 0) / rowHeight) - 2);
    const keys: Record<string, () => void> = {
      ArrowDown: () => move(active + 1),
      ArrowUp: () => move(active - 1),
      PageDown: () => move(active + page),
      PageUp: () => move(active - page),
      Home: () => move(0),
      End: () => move(size - 1),
      ArrowRight: () => (opens && !line.open ? tree.toggle(line) : opens && move(active + 1)),
      ArrowLeft: () => {
        if (line.open) return tree.toggle(line);
        for (let i = active - 1; i >= 0; i--) if (tree.line(i).depth < line.depth) return move(i);
      },
      Enter: () => line.row && (props.enter ?? props.select)?.(line.row),
    };
    const act = keys[e.key];
    if (!act || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    act();
  };
  return (
    <div className={classes.frame}>
      <div
        ref={box}
        className={classes.grid}
        role="treegrid"
        aria-label={props.label}
        aria-rowcount={tree.total ?? -1}
        aria-busy={tree.total === undefined}
        tabIndex={0}
        onKeyDown={press}
        aria-activedescendant={size ? `${props.label}-${active}` : undefined}
      >
        <div role="rowgroup" className={classes.head}>
          <div role="row" className={classes.row} style={{ gridTemplateColumns: template }}>
            {columns.map((c, i) => (
              <div key={c.key} role="columnheader" className={i ? classes.number : classes.first} aria-sort={order.sort === c.key ? (order.desc ? 'descending' : 'ascending') : undefined}>
                {c.sort && setOrder ? (
                  <button type="button" className={classes.sort} onClick={() => sortBy(c)} tabIndex={-1}>
                    {c.title}
                    {order.sort === c.key && (order.desc ? <IconSortDescending size={14} /> : <IconSortAscending size={14} />)}
                  </button>
                ) : (
                  c.title
                )}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" style={{ height: rows.getTotalSize(), position: 'relative', minWidth: 'fit-content' }}>
          {rows.getVirtualItems().map((item) => (
            <GridRow
              key={item.key}
              {...props}
              line={tree.line(item.index)}
              elementID={`${props.label}-${item.index}`}
              active={item.index === active}
              top={item.start}
              template={template}
              waiting={waiting}
              toggle={(line) => tree.toggle(line)}
              activate={() => {
                setActive(item.index);
                box.current?.focus({ preventScroll: true });
              }}
            />
          ))}
        </div>
        {tree.total === 0 && <div className={classes.empty}>{props.empty}</div>}
      </div>
      <Group className={classes.foot} justify="space-between" wrap="nowrap">
        <Text size="xs" c="dimmed" role="status">
          {tree.total === undefined ? waiting : `${count(tree.total)} ${what[tree.total === 1 ? 0 : 1]}`}
          {tree.size > most && `, of which ${count(most)} rows are shown`}
        </Text>
        {props.file && (
          <Menu position="top-end">
            <Menu.Target>
              <ActionIcon size="xs" variant="subtle" color="gray" aria-label="Save all rows">
                <IconDownload size={14} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {(['csv', 'json'] as const).map((form) => (
                <Menu.Item key={form} component="a" href={props.file!(form)} download>
                  All rows as {form.toUpperCase()}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
    </div>
  );
}

interface RowProps<Row> extends Props<Row> {
  line: Line<Row>;
  elementID: string;
  active: boolean;
  top: number;
  template: string;
  waiting: string;
  toggle: (line: Line<Row>) => void;
  activate: () => void;
}

function GridRow<Row>({ line, elementID, active, top, template, waiting, toggle, activate, columns, expandable, selected, select, enter, id, menu }: RowProps<Row>) {
  const { row, depth, open } = line;
  const opens = !!row && (expandable?.(row) ?? false);
  const chosen = row !== undefined && selected !== undefined && id(row) === selected;
  return (
    <div
      id={elementID}
      role="row"
      aria-level={depth}
      aria-setsize={line.of}
      aria-posinset={line.at + 1}
      aria-expanded={opens ? open : undefined}
      aria-selected={chosen}
      className={`${classes.row} ${classes.line} ${active ? classes.active : ''} ${chosen ? classes.chosen : ''}`}
      style={{ gridTemplateColumns: template, transform: `translateY(${top}px)` }}
      onClick={() => {
        activate();
        if (row) select?.(row);
      }}
      onDoubleClick={() => row && enter?.(row)}
    >
      {columns.map((c, i) => (
        <div key={c.key} role="gridcell" className={i ? classes.number : classes.first} title={row && c.exact?.(row)} style={i ? undefined : { paddingLeft: 4 + (depth - 1) * 16 }}>
          {i === 0 && (
            <span
              className={classes.arrow}
              onClick={(e) => {
                e.stopPropagation();
                activate();
                if (opens) toggle(line);
              }}
              aria-hidden
            >
              {opens && (open ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />)}
            </span>
          )}
          {row ? c.cell(row) : i === 0 ? <span className={classes.waiting}>{line.error ? line.error.message : waiting}</span> : null}
          {i === 0 && row && menu?.(row)}
        </div>
      ))}
    </div>
  );
}
