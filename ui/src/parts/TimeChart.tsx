import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export interface Line {
  name: string;
  colour: string;
  values: (number | null)[];
  dashed?: boolean;
}

interface Props {
  label: string;
  times: number[]; // seconds since 1970
  lines: Line[];
  text: (value: number) => string;
  marks?: number[]; // times at which something happened
  ticks?: number[]; // times of something small
  height?: number;
  span?: [number, number]; // the times that are shown, when not those that there are
  fit?: boolean; // the lines fill the height; else it begins at zero
  legend?: boolean;
  onSpan?: (from: number, to: number) => void; // times were chosen with the mouse
}

// TimeChart draws figures over time. Its colours are names of the page's, so that they
// follow light and dark.
export function TimeChart({ label, times, lines, text, marks = [], ticks = [], height = 180, span, fit = false, legend = true, onSpan }: Props) {
  const { ref, width } = useElementSize();
  useComputedColorScheme('light'); // draws again when it changes
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!box.current || !width) return;
    const style = getComputedStyle(box.current);
    const colour = (name: string) => style.getPropertyValue(`--mantine-color-${name}`) || name;
    const axis = { stroke: colour('dimmed'), grid: { stroke: colour('default-border'), width: 1 }, ticks: { show: false } };
    const plot = new uPlot(
      {
        width,
        height,
        cursor: { y: false, drag: { x: Boolean(onSpan), y: false, setScale: false } },
        legend: { show: legend },
        scales: { x: span ? { range: () => span } : {}, y: { range: (_, low, high) => (fit ? uPlot.rangeNum(low ?? 0, high ?? 1, 0.1, true) : [Math.min(0, low ?? 0), (high ?? 1) * 1.05 || 1]) } },
        axes: [axis, { ...axis, size: 64, values: (_, ticks) => ticks.map(text) }],
        series: [{ value: (_, t) => (t === null ? '' : new Date(t * 1000).toLocaleTimeString()) }, ...lines.map((l) => ({ label: l.name, stroke: colour(l.colour), width: 1.5, dash: l.dashed ? [5, 4] : undefined, points: { show: times.length < 3 }, value: (_: uPlot, v: number | null) => (v === null ? '–' : text(v)) }))],
        hooks: {
          setSelect: [(u) => u.select.width > 3 && onSpan?.(u.posToVal(u.select.left, 'x'), u.posToVal(u.select.left + u.select.width, 'x'))],
          draw: [
            (u) => {
              const bottom = u.bbox.top + u.bbox.height;
              const strike = (times: number[], name: string, top: number) => {
                u.ctx.strokeStyle = colour(name);
                for (const t of times) {
                  const x = u.valToPos(t, 'x', true);
                  u.ctx.beginPath();
                  u.ctx.moveTo(x, top);
                  u.ctx.lineTo(x, bottom);
                  u.ctx.stroke();
                }
              };
              strike(ticks, 'gray-6', bottom - u.bbox.height / 20);
              strike(marks, 'red-filled', u.bbox.top);
            },
          ],
        },
      },
      [times, ...lines.map((l) => l.values)],
      box.current,
    );
    return () => plot.destroy();
  });
  return (
    <figure ref={ref} style={{ margin: 0 }} aria-label={`${label}: ${lines.map((l) => `${l.name} ${lastText(l.values, text)}`).join(', ')}`}>
      <figcaption style={{ fontSize: 13, fontWeight: 600 }}>{label}</figcaption>
      <div ref={box} />
    </figure>
  );
}

function lastText(values: (number | null)[], text: (v: number) => string): string {
  const last = values.findLast((v) => v !== null);
  return last === undefined || last === null ? 'unknown' : text(last);
}
