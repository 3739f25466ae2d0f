import { size } from '../parts/size';
import classes from './lab.module.css';
import type { Replay } from './words';

// The heap over the steps: its size where a snapshot told it, what died, V8's own
// collections. A click goes to the step.
export function Timeline({ replay, step, go }: { replay: Replay; step: number; go: (n: number) => void }) {
  const { steps } = replay;
  const known = steps.flatMap((s, i) => (s.heapUsed ? [{ n: i, used: s.heapUsed }] : []));
  const top = Math.max(1, ...known.map((k) => k.used));
  const low = Math.min(top, ...known.map((k) => k.used));
  const x = (n: number) => (steps.length > 1 ? (n / (steps.length - 1)) * 1000 : 500);
  const y = (used: number) => (top === low ? 20 : 34 - ((used - low) / (top - low)) * 28);
  return (
    <svg
      className={classes.timeline}
      viewBox="-6 0 1012 44"
      preserveAspectRatio="none"
      role="img"
      aria-label={known.length ? `Heap between ${size(low)} and ${size(top)} over ${steps.length} steps` : `${steps.length} steps`}
      onClick={(e) => {
        const box = e.currentTarget.getBoundingClientRect();
        const at = ((e.clientX - box.left) / box.width) * 1012 - 6;
        go(Math.min(steps.length, Math.max(1, Math.round((at / 1000) * (steps.length - 1)) + 1)));
      }}
    >
      <polyline points={known.map((k) => `${x(k.n)},${y(k.used)}`).join(' ')} fill="none" stroke="var(--mantine-color-blue-filled)" strokeWidth="1.5" vectorEffect="non-scaling-stroke" />
      {steps.map((s, i) =>
        s.died ? (
          <line key={`d${i}`} x1={x(i)} x2={x(i)} y1={37} y2={43} stroke="var(--mantine-color-red-filled)" strokeWidth="2" vectorEffect="non-scaling-stroke">
            <title>{`step ${i + 1}: V8 had freed ${s.died} objects`}</title>
          </line>
        ) : null,
      )}
      {steps.map((s, i) =>
        s.collections?.length ? (
          <line key={`c${i}`} x1={x(i)} x2={x(i)} y1={2} y2={36} stroke="var(--mantine-color-teal-filled)" strokeDasharray="2 2" vectorEffect="non-scaling-stroke">
            <title>{`before step ${i + 1}: ${s.collections.map((c) => c.kind).join(', ')}`}</title>
          </line>
        ) : null,
      )}
      <line x1={x(step - 1)} x2={x(step - 1)} y1={0} y2={44} stroke="var(--mantine-color-yellow-filled)" strokeWidth="2" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
