import { Text, UnstyledButton } from '@mantine/core';
import { useMemo, useState } from 'react';
import { TimeChart } from '../parts/TimeChart';
import type { Series } from './api';
import { grid, stack } from './panels';
import classes from './prometheus.module.css';
import { series as named, si } from './words';

const colours = ['blue', 'orange', 'teal', 'grape', 'red', 'lime', 'cyan', 'pink', 'yellow', 'violet', 'green', 'indigo'].flatMap((c) => [`${c}-6`, `${c}-4`, `${c}-8`]);
const colourOf = (i: number) => colours[(i % 12) * 3 + (Math.floor(i / 12) % 3)]!;

// drawn is how many lines a chart can have and still be read, and fast.
const drawn = 200;

interface Props {
  name: string;
  series: Series[];
  from: number;
  end: number;
  step: number;
  stacked: boolean;
  onSpan: (from: number, to: number) => void;
}

// Chart is series over time. A click on one in the legend shows it alone, with Ctrl or
// Cmd it leaves it out.
export function Chart({ name, series, from, end, step, stacked, onSpan }: Props) {
  const [hidden, setHidden] = useState<Set<string>>(new Set());
  const all = useMemo(() => series.slice(0, drawn).map((s, i) => ({ s, text: named(s.metric), colour: colourOf(i) })), [series]);
  const seen = all.filter((l) => !hidden.has(l.text));
  const { times, lines } = useMemo(() => {
    const { times, rows } = grid(from, end, step, seen.map((l) => l.s));
    const values = stacked ? stack(rows) : rows;
    return { times, lines: seen.map((l, i) => ({ name: l.text, colour: l.colour, values: values[i]! })) };
  }, [all, hidden, from, end, step, stacked]);
  if (series.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No series match in that range.
      </Text>
    );
  const choose = (text: string, others: boolean) => {
    if (others) {
      const next = new Set(hidden);
      if (!next.delete(text)) next.add(text);
      setHidden(next);
      return;
    }
    const alone = seen.length === 1 && seen[0]!.text === text;
    setHidden(alone ? new Set() : new Set(all.map((l) => l.text).filter((t) => t !== text)));
  };
  return (
    <>
      <TimeChart label={name} times={times} lines={lines} text={si} height={320} span={[from, end]} fit={!stacked} legend={false} onSpan={onSpan} />
      <div className={classes.legend} role="group" aria-label="Series">
        {all.map((l) => (
          <UnstyledButton key={l.text} className={classes.entry} aria-pressed={!hidden.has(l.text)} onClick={(e) => choose(l.text, e.ctrlKey || e.metaKey)} title="Click: this one alone. Ctrl+click: without this one.">
            <span className={classes.swatch} style={{ background: `var(--mantine-color-${l.colour})` }} />
            <span className={classes.mono}>{l.text}</span>
          </UnstyledButton>
        ))}
      </div>
      {series.length > drawn && (
        <Text size="sm" c="dimmed">
          The first {drawn} of {series.length.toLocaleString('en-US')} series are drawn.
        </Text>
      )}
    </>
  );
}
