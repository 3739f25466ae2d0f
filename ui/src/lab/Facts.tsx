import { Alert, Anchor, Group, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answered, client } from '../api/client';
import { Failed } from '../parts/States';
import { size } from '../parts/size';
import { valueText, type Collection, type Step } from './words';

// What happened since the step before: objects that V8 freed, its collections, what
// the program printed.
export function Facts({ step, select }: { step: Step; select: (id: number) => void }) {
  return (
    <Stack gap={4}>
      {(step.died ?? []).map((d) => (
        <Text key={d.object} size="sm" c="red">
          <Anchor component="button" inherit c="inherit" onClick={() => select(d.object)}>
            @{d.object} {d.class}
          </Anchor>
          {' freed by V8'}
          {d.shallow ? `, ${size(d.shallow)}` : ''}
          {d.held?.length ? `; had been held by ${d.held.join(', ')}` : ''}
        </Text>
      ))}
      {step.collections?.length ? <Generations collections={step.collections} /> : null}
      {step.output && (
        <Text size="sm" ff="monospace" style={{ whiteSpace: 'pre-wrap' }}>
          {step.output.trimEnd()}
        </Text>
      )}
    </Stack>
  );
}

// V8's generations around its collections.
export function Generations({ collections }: { collections: Collection[] }) {
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table withTableBorder={false} verticalSpacing={2} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>V8 collected</Table.Th>
            <Table.Th ta="right">ms</Table.Th>
            <Table.Th ta="right">Young generation</Table.Th>
            <Table.Th ta="right">Old generation</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {collections.map((c, i) => (
            <Table.Tr key={i}>
              <Table.Td>{c.kind}</Table.Td>
              <Table.Td ta="right">{c.milliseconds.toFixed(1)}</Table.Td>
              <Table.Td ta="right">
                {size(c.young.before)} → {size(c.young.after)}
              </Table.Td>
              <Table.Td ta="right">
                {size(c.old.before)} → {size(c.old.after)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

// The life of an object: allocation, use, release.
export function Life({ recording, object, step, go }: { recording: string; object: number; step: number; go: (n: number) => void }) {
  const life = useQuery({
    queryKey: ['lab', recording, 'object', object],
    queryFn: () => answered(client.GET('/api/lab/recordings/{id}/objects/{object}', { params: { path: { id: recording, object } } })),
    staleTime: Infinity,
  });
  if (life.error) return <Failed error={life.error} />;
  if (life.data && life.data.moments.length === 0) return <Alert py="xs">The recording has no object @{object}.</Alert>;
  return (
    <Rows
      title={`Life of @${object}`}
      step={step}
      go={go}
      rows={(life.data?.moments ?? []).map((m) => ({ step: m.step, what: m.state, more: m.held?.join(', ') ?? '' }))}
      columns={['State', 'Led to by']}
    />
  );
}

// The values of a variable.
export function Watch({ recording, name, step, go }: { recording: string; name: string; step: number; go: (n: number) => void }) {
  const watched = useQuery({
    queryKey: ['lab', recording, 'variable', name],
    queryFn: () => answered(client.GET('/api/lab/recordings/{id}/variables/{name}', { params: { path: { id: recording, name } } })),
    staleTime: Infinity,
  });
  if (watched.error) return <Failed error={watched.error} />;
  if (watched.data && watched.data.changes.length === 0) return <Alert py="xs">No frame has a variable {name} at any step.</Alert>;
  return (
    <Rows
      title={`Values of ${name}`}
      step={step}
      go={go}
      rows={(watched.data?.changes ?? []).map((c) => ({ step: c.step, what: valueText(c.value), more: c.frame }))}
      columns={['Value', 'Frame']}
    />
  );
}

interface Row {
  step: number;
  what: string;
  more: string;
}

function Rows({ title, rows, columns, step, go }: { title: string; rows: Row[]; columns: [string, string]; step: number; go: (n: number) => void }) {
  const now = rows.reduce((last, r, i) => (r.step <= step ? i : last), -1);
  return (
    <Stack gap={4} role="region" aria-label={title}>
      <Group>
        <Text size="sm" fw={600}>
          {title}
        </Text>
      </Group>
      <Table.ScrollContainer minWidth={300} mah={220}>
        <Table verticalSpacing={2} fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Step</Table.Th>
              <Table.Th>{columns[0]}</Table.Th>
              <Table.Th>{columns[1]}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((r, i) => (
              <Table.Tr key={i} bg={i === now ? 'var(--mantine-color-yellow-light)' : undefined}>
                <Table.Td>
                  <Anchor component="button" inherit onClick={() => go(r.step)}>
                    {r.step}
                  </Anchor>
                </Table.Td>
                <Table.Td>{r.what}</Table.Td>
                <Table.Td>{r.more}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}
