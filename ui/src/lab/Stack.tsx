import { Anchor, Text } from '@mantine/core';
import classes from './lab.module.css';
import { valueText, type Stop } from './words';

interface Props {
  stop: Stop;
  v8: boolean;
  select: (id: number) => void;
  watch: (name: string) => void;
}

// The stack: the calls, the innermost first, and their variables.
export function Stack({ stop, v8, select, watch }: Props) {
  return (
    <section className={classes.pane} aria-label="Stack">
      <h3>stack</h3>
      <div className={classes.scroll} tabIndex={0} role="region" aria-label="Frames and variables">
        {(stop.step.frames ?? []).map((frame, f) => (
          <div key={f} className={classes.frame}>
            <Text size="sm" fw={600}>
              {frame.function}
            </Text>
            {(frame.variables ?? []).length === 0 && <div className={classes.where}>no variables</div>}
            {(frame.variables ?? []).map((v, i) => (
              <div key={i} className={classes.variable}>
                <Anchor component="button" inherit c="inherit" onClick={() => watch(v.name)} title={`watch ${v.name} over the steps`}>
                  {v.name}
                </Anchor>
                {' = '}
                {v.value.ref ? (
                  <Anchor component="button" inherit onClick={() => select(v.value.ref!)}>
                    {valueText(v.value)}
                  </Anchor>
                ) : (
                  valueText(v.value)
                )}
                {v8 && <div className={classes.where}>{stop.inV8[f]?.[i]}</div>}
              </div>
            ))}
          </div>
        ))}
      </div>
    </section>
  );
}
