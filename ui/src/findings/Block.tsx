import { Code, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import type { components } from '../api/schema';
import classes from './findings.module.css';

type Block = components['schemas']['ReportBlock'];

// BlockOf lays out a piece of a report.
export function BlockOf({ block: b }: { block: Block }) {
  return (
    <section>
      {b.heading && (
        <Title order={b.level === 2 ? 4 : 3} size={b.level === 2 ? 'h5' : 'h4'} mb={4}>
          {b.heading}
        </Title>
      )}
      <Stack gap={8}>
        {b.lines?.map((line, i) => (
          <Text key={i} style={{ overflowWrap: 'anywhere' }}>
            {line}
          </Text>
        ))}
        {b.facts && b.facts.length > 0 && (
          <dl className={classes.facts}>
            {b.facts.map((pair, i) => (
              <div key={i}>
                <dt>{pair?.[0]}</dt>
                <dd>{pair?.[1]}</dd>
              </div>
            ))}
          </dl>
        )}
        {b.frames?.map((frame) => (
          <FrameOf key={frame.file + frame.line} frame={frame} />
        ))}
        {b.series && b.series.length > 0 && <Chart series={b.series} />}
        {b.table && (
          <Table.ScrollContainer minWidth={320}>
            <Table verticalSpacing={3} fz="sm" w="auto">
              <Table.Thead>
                <Table.Tr>
                  {b.table.head?.map((h, i) => (
                    <Table.Th key={i} ta={i ? 'right' : 'left'}>
                      {h}
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {b.table.rows?.map((row, i) => (
                  <Table.Tr key={i}>
                    {row?.map((cell, j) => (
                      <Table.Td key={j} ta={j ? 'right' : 'left'}>
                        {cell}
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
        {b.path && b.path.length > 0 && <Path steps={b.path} />}
        {(b.before || b.after) && (
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <Side title="Before" code={b.before ?? ''} />
            <Side title="After" code={b.after ?? ''} />
          </SimpleGrid>
        )}
        {b.code?.map((command, i) => (
          <Code key={i} block>
            {command}
          </Code>
        ))}
      </Stack>
    </section>
  );
}

// The code around a line.
function FrameOf({ frame }: { frame: NonNullable<Block['frames']>[number] }) {
  return (
    <figure className={classes.frame}>
      <figcaption>
        {frame.file}:{frame.line} <span className={classes.status}>{frame.what}</span>
      </figcaption>
      <pre tabIndex={0} aria-label={`${frame.file}, line ${frame.line}`}>
        {frame.lines?.map((line, i) => (
          <div key={i} className={frame.first + i === frame.line ? classes.meant : undefined}>
            <span className={classes.number}>{frame.first + i}</span>
            {line}
          </div>
        ))}
      </pre>
    </figure>
  );
}

function Side({ title, code }: { title: string; code: string }) {
  return (
    <div>
      <Text size="sm" c="dimmed">
        {title}
      </Text>
      <Code block tabIndex={0}>
        {code}
      </Code>
    </div>
  );
}

// What keeps the objects alive, from a root down: one object and one reference in a
// row, references that may be one too much underlined.
function Path({ steps }: { steps: NonNullable<Block['path']> }) {
  return (
    <ol className={classes.path} aria-label="Retaining path">
      {steps.map((s, i) => (
        <li key={i}>
          <div>
            <span className={classes.object}>{s.object}</span> <span className={classes.status}>{s.status}</span>
            {s.reason && <span className={classes.reason}> {s.reason}</span>}
          </div>
          {s.member && (
            <div className={classes.reference}>
              <span aria-hidden>↓ </span>
              {s.owner}
              <span className={s.suspect ? classes.suspect : undefined}>{s.member}</span>
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}

// Figures from sample to sample, each on a scale of its own, with the line that fits
// them best (least squares).
function Chart({ series }: { series: NonNullable<Block['series']> }) {
  return (
    <div className={classes.charts}>
      {series.map((s) => {
        const values = s.values ?? [];
        const low = Math.min(...values);
        const reach = Math.max(Math.max(...values) - low, Math.max(...values) / 100) || 1;
        const x = (i: number) => (i / Math.max(1, values.length - 1)) * 236 + 2;
        const y = (v: number) => 60 - ((v - low) / reach) * 54;
        const { slope, start } = fitted(values);
        return (
          <figure key={s.name} className={classes.chart}>
            <figcaption>
              <b>{s.name}</b> {s.note}
            </figcaption>
            <svg viewBox="0 0 240 64" role="img" aria-label={`${s.name}: ${s.note}`} preserveAspectRatio="none">
              <line x1={x(0)} x2={x(values.length - 1)} y1={y(start)} y2={y(start + slope * (values.length - 1))} className={classes.slope} />
              <polyline points={values.map((v, i) => `${x(i)},${y(v)}`).join(' ')} className={classes.line} />
              {values.map((v, i) => (
                <circle key={i} cx={x(i)} cy={y(v)} r="2" className={classes.dot} />
              ))}
            </svg>
          </figure>
        );
      })}
    </div>
  );
}

// fitted is the line through values that are one step apart.
export function fitted(values: number[]): { slope: number; start: number } {
  const n = values.length;
  const middle = (n - 1) / 2;
  const mean = values.reduce((a, b) => a + b, 0) / Math.max(1, n);
  let over = 0;
  let under = 0;
  values.forEach((v, i) => {
    over += (i - middle) * (v - mean);
    under += (i - middle) ** 2;
  });
  const slope = under ? over / under : 0;
  return { slope, start: mean - slope * middle };
}
