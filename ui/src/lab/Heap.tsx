import { memo, useMemo } from 'react';
import { draw, type Arrow, type Box } from './graph';
import classes from './lab.module.css';
import type { Tone } from './tone';
import type { Stop } from './words';

interface Props {
  stop: Stop;
  v8: boolean;
  selected?: number;
  select: (id: number | undefined) => void;
  tones?: Map<number, Tone>;
  counts?: Record<string, number>;
  cut?: string;
  setCut: (name: string | undefined) => void;
}

// The heap: objects and the references between them, from the variables on the left.
export const Heap = memo(function Heap({ stop, v8, selected, select, tones, counts, cut, setCut }: Props) {
  const drawing = useMemo(() => draw(stop, v8), [stop, v8]);
  if (drawing.boxes.length === 0) return <p className={classes.none}>No objects of the program.</p>;
  const { width, height } = drawing;
  return (
    <svg className={classes.heap} viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="group" aria-label={`Heap: ${drawing.boxes.length} objects`}>
      <defs>
        <marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
          <path d="M0 0 8 4 0 8z" className={classes.tip} />
        </marker>
      </defs>
      {drawing.arrows.map((a) => (
        <ArrowLine key={a.key} arrow={a} cut={cut !== undefined && a.name === cut} setCut={setCut} />
      ))}
      {drawing.roots.map((b) => (
        <g key={b.key} transform={`translate(${b.x} ${b.y})`}>
          <rect width={b.width} height={b.height} rx={b.height / 2} className={classes.root} />
          <text x={b.width / 2} y={15} textAnchor="middle" className={classes.label}>
            {b.title}
          </text>
        </g>
      ))}
      {drawing.boxes.map((b) => (
        <Thing key={b.key} box={b} selected={b.thing?.id === selected && selected !== undefined} select={select} tone={b.thing && tones?.get(b.thing.id)} count={b.thing && counts?.[b.thing.id]} />
      ))}
    </svg>
  );
});

function Thing({ box, selected, select, tone, count }: { box: Box; selected: boolean; select: Props['select']; tone?: Tone; count?: number }) {
  const { thing } = box;
  const id = thing?.id;
  const heap = thing?.heap;
  const state = tone ? classes[tone] : thing?.outOfSight ? classes.unseen : '';
  return (
    <g
      transform={`translate(${box.x} ${box.y})`}
      className={`${classes.thing} ${state} ${selected ? classes.selected : ''} ${thing ? '' : classes.v8}`}
      role={id ? 'button' : 'img'}
      tabIndex={id ? 0 : undefined}
      aria-pressed={id ? selected : undefined}
      aria-label={box.title + (heap ? `, ${heap.shallow} bytes, retains ${heap.retained}` : '') + (thing?.outOfSight ? ', no variable leads to it' : '') + (tone ? `, ${tone}` : '')}
      data-object={id}
      data-tone={tone}
      onClick={() => id && select(selected ? undefined : id)}
      onKeyDown={(e) => {
        if (id && (e.key === 'Enter' || e.key === ' ')) {
          e.preventDefault();
          select(selected ? undefined : id);
        }
      }}
    >
      <rect width={box.width} height={box.height} rx={4} className={classes.body} />
      <text x={8} y={15} className={classes.title}>
        {shorten(box.title, box.width - (count === undefined ? 16 : 40), 7.4)}
      </text>
      {box.lines.map((l, i) => (
        <text key={i} x={8} y={22 + 12 + i * 16} className={classes.line}>
          {shorten(l.text, box.width - 14, 6.8)}
          <title>{l.text}</title>
        </text>
      ))}
      {heap && (
        <text x={8} y={22 + 12 + box.lines.length * 16} className={classes.size}>
          {box.sizes}
          <title>
            {`shallow ${heap.shallow} B, retained ${heap.retained} B, of it ${heap.bookkeeping} B of V8's bookkeeping` +
              (heap.distance >= 0 && heap.distance < 1e8 ? `, distance ${heap.distance}` : '')}
          </title>
        </text>
      )}
      {count !== undefined && (
        <>
          <circle cx={box.width - 13} cy={11} r={9} className={classes.badge} />
          <text x={box.width - 13} y={15} textAnchor="middle" className={classes.count}>
            {count}
            <title>references that lead here</title>
          </text>
        </>
      )}
    </g>
  );
}

function ArrowLine({ arrow: a, cut, setCut }: { arrow: Arrow; cut: boolean; setCut: Props['setCut'] }) {
  const path = a.points.map((p, i) => `${i ? 'L' : 'M'}${p.x.toFixed(1)} ${p.y.toFixed(1)}`).join('');
  const { name } = a;
  return (
    <g
      className={`${classes.arrow} ${a.weak ? classes.weak : ''} ${cut ? classes.cut : ''} ${name ? classes.cuttable : ''}`}
      role={name ? 'button' : undefined}
      tabIndex={name ? 0 : undefined}
      aria-pressed={name ? cut : undefined}
      aria-label={name ? `cut ${name}` : undefined}
      data-reference={name}
      onClick={() => name && setCut(cut ? undefined : name)}
      onKeyDown={(e) => {
        if (name && (e.key === 'Enter' || e.key === ' ')) {
          e.preventDefault();
          setCut(cut ? undefined : name);
        }
      }}
    >
      <path d={path} className={classes.hit} />
      <path d={path} className={classes.shaft} markerEnd="url(#tip)" />
      {name && <title>{cut ? `${name} is cut: click to mend it` : `click to cut ${name}`}</title>}
    </g>
  );
}

function shorten(text: string, width: number, glyph: number): string {
  const most = Math.floor(width / glyph);
  return text.length > most ? text.slice(0, Math.max(1, most - 1)) + '…' : text;
}
