import { useEffect, useRef } from 'react';
import classes from './lab.module.css';

// Code is a source file; the line that runs next is in sight.
export function Code({ name, source, line }: { name: string; source: string; line: number }) {
  const now = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const row = now.current;
    const box = row?.closest(`.${classes.scroll}`);
    if (row && box) box.scrollTop = row.offsetTop - box.clientHeight / 2;
  }, [name, line]);
  return (
    <section className={classes.pane} aria-label="Code">
      <h3>{name}</h3>
      <div className={classes.scroll} tabIndex={0} role="region" aria-label={`Source of ${name}`} style={{ position: 'relative' }}>
        <div className={classes.code}>
          {source.split('\n').map((text, i) => (
            <div key={i} ref={i + 1 === line ? now : undefined} className={i + 1 === line ? classes.now : undefined} aria-current={i + 1 === line ? 'step' : undefined}>
              <span className={classes.number}>{i + 1}</span>
              {text.replaceAll('\t', '  ')}
            </div>
          ))}
        </div>
      </div>
    </section>
  );
}
