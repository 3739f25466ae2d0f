import type { Labels as Pairs } from './api';
import classes from './prometheus.module.css';

// Labels are those of a target, rule or alert, without some that stand elsewhere.
export function Labels({ labels, without = [] }: { labels: Pairs; without?: string[] }) {
  const pairs = Object.entries(labels).filter(([name]) => !without.includes(name));
  return (
    <div className={classes.labels}>
      {pairs.map(([name, value]) => (
        <span key={name} className={classes.label}>
          {name}=&quot;{value}&quot;
        </span>
      ))}
    </div>
  );
}
