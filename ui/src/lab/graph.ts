import dagre from '@dagrejs/dagre';
import { size } from '../parts/size';
import { valueText, inSlot, type Stop, type Thing } from './words';

// A Box is drawn on the heap: an object of the program, or in V8's picture what the
// textbook puts on the stack.
export interface Box {
  key: string;
  title: string;
  lines: { text: string; name: string; ref?: number; captured?: boolean; weak?: boolean }[];
  sizes?: string; // shallow and retained
  thing?: Thing;
  x: number;
  y: number;
  width: number;
  height: number;
}

// An Arrow is a reference. What it is called for a cut is in name: "user" of a
// variable, "@2.tags" of a property.
export interface Arrow {
  key: string;
  from: string;
  to: string;
  label: string;
  name?: string;
  weak: boolean;
  captured: boolean;
  points: { x: number; y: number }[];
}

export interface Drawing {
  boxes: Box[];
  roots: Box[];
  arrows: Arrow[];
  width: number;
  height: number;
}

const line = 16;
const head = 22;
const most = 8; // lines in a box

// draw places what is on the heap at a step, from the roots on the left.
export function draw(stop: Stop, v8: boolean): Drawing {
  const boxes: Box[] = [];
  const roots: Box[] = [];
  const arrows: Omit<Arrow, 'points'>[] = [];
  const objects = stop.step.objects ?? [];
  for (const o of objects) boxes.push(box(o));
  const known = new Set(objects.map((o) => o.id));
  (stop.step.frames ?? []).forEach((frame, f) => {
    (frame.variables ?? []).forEach((v, i) => {
      const where = stop.inV8[f]?.[i] ?? '';
      const key = `v${f}.${i}`;
      const context = v8 && v.context ? contextOf(boxes, f) : undefined;
      let to: string | undefined;
      if (v.value.ref && known.has(v.value.ref)) to = `o${v.value.ref}`;
      else if (v8 && !v.value.ref && !inSlot(where) && v.value.text !== 'undefined') {
        to = `p${f}.${i}`;
        const kind = where.split(/ on the heap|,/)[0] ?? v.value.type;
        boxes.push(sized({ key: to, title: kind, lines: [{ name: '', text: v.value.text ?? '' }] }));
      }
      if (context) context.lines.push({ name: v.name, text: `${v.name}: ${valueText(v.value)}`, ref: v.value.ref });
      if (!to) return;
      if (context) {
        arrows.push({ key, from: context.key, to, label: v.name, name: v.value.ref ? v.name : undefined, weak: false, captured: true });
        return;
      }
      roots.push({ ...sized({ key, title: v.name, lines: [] }), width: Math.max(40, v.name.length * 8 + 16) });
      arrows.push({ key: `${key}>`, from: key, to, label: '', name: v.value.ref ? v.name : undefined, weak: false, captured: false });
    });
  });
  for (const b of boxes) if (!b.thing) Object.assign(b, sized(b));
  for (const o of objects) {
    (o.props ?? []).forEach((p, i) => {
      if (!p.value.ref || !known.has(p.value.ref)) return;
      arrows.push({
        key: `o${o.id}.${i}`, from: `o${o.id}`, to: `o${p.value.ref}`, label: p.name,
        name: p.weak ? undefined : p.captured ? p.name : `@${o.id}.${p.name}`, weak: !!p.weak, captured: !!p.captured,
      });
    });
  }
  return place(boxes, roots, arrows);
}

function contextOf(boxes: Box[], frame: number): Box {
  const key = `c${frame}`;
  let context = boxes.find((b) => b.key === key);
  if (!context) {
    context = sized({ key, title: 'Context', lines: [] });
    boxes.push(context);
  }
  return context;
}

function box(o: Thing): Box {
  const props = o.props ?? [];
  const lines = props.slice(0, most).map((p) => ({
    name: p.name, text: `${p.captured ? 'captured ' : ''}${p.name}: ${valueText(p.value)}`, ref: p.value.ref, captured: p.captured, weak: p.weak,
  }));
  const more = props.length - lines.length + (o.more ?? 0);
  if (more > 0) lines.push({ name: '', text: `… ${more} more`, ref: undefined, captured: false, weak: false });
  const sizes = o.heap && `${size(o.heap.shallow)}, retains ${size(o.heap.retained)}`;
  return { ...sized({ key: `o${o.id}`, title: `@${o.id} ${o.class}${o.name ? ' ' + o.name : ''}`, lines, sizes }), thing: o };
}

function sized(b: Pick<Box, 'key' | 'title' | 'lines' | 'sizes'>): Box {
  const longest = Math.max(b.title.length * 7.4 + 24, ...b.lines.map((l) => l.text.length * 6.8), (b.sizes?.length ?? 0) * 6.2);
  const below = b.lines.length + (b.sizes ? 1 : 0);
  return { ...b, x: 0, y: 0, width: Math.min(230, Math.max(110, longest + 16)), height: head + below * line + (below ? 6 : 0) };
}

function place(boxes: Box[], roots: Box[], arrows: Omit<Arrow, 'points'>[]): Drawing {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 46, marginx: 8, marginy: 8 });
  for (const b of [...roots, ...boxes]) graph.setNode(b.key, { width: b.width, height: b.height });
  for (const a of arrows) graph.setEdge(a.from, a.to, {}, a.key);
  dagre.layout(graph);
  for (const b of [...roots, ...boxes]) {
    const at = graph.node(b.key);
    b.x = at.x - b.width / 2;
    b.y = at.y - b.height / 2;
  }
  const { width = 0, height = 0 } = graph.graph();
  return {
    boxes, roots, width: Math.max(width, 200), height: Math.max(height, 60),
    arrows: arrows.map((a) => ({ ...a, points: graph.edge({ v: a.from, w: a.to, name: a.key }).points ?? [] })),
  };
}
