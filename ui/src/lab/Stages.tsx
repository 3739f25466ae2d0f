import { Anchor, Button, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'react-router';
import { answered, client } from '../api/client';
import { size } from '../parts/size';
import { Failed } from '../parts/States';
import { Generations } from './Facts';

// The tutorial's demo, stage by stage.
export default function Stages() {
  const run = useMutation({ mutationFn: () => answered(client.POST('/api/lab/stages')) });
  const stages = run.data?.stages ?? [];
  return (
    <Stack gap="md">
      <div>
        <Anchor component={Link} to="/lab" size="sm">
          The lab
        </Anchor>
        <Title order={2}>Memory by stages</Title>
        <Text c="dimmed">
          The tutorial’s demo runs twice: at full speed for the figures, then line by line to see which objects died. It waits for five seconds, as the tutorial does.
        </Text>
      </div>
      <Button onClick={() => run.mutate()} loading={run.isPending} style={{ alignSelf: 'start' }}>
        Run the demo
      </Button>
      {run.error && <Failed error={run.error} />}
      {run.data && (
        <>
          <Table.ScrollContainer minWidth={620}>
            <Table verticalSpacing={4} aria-label="Figures at the end of each stage">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Stage on Node.js {run.data.node?.replace(/^v/, '')}</Table.Th>
                  {['rss', 'heapTotal', 'heapUsed', 'Change', 'external', 'arrayBuffers'].map((c) => (
                    <Table.Th key={c} ta="right">
                      {c}
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {stages.map((s) => (
                  <Table.Tr key={s.name}>
                    <Table.Td>{s.name}</Table.Td>
                    {[s.memory.rss, s.memory.heapTotal, s.memory.heapUsed].map((n, i) => (
                      <Table.Td key={i} ta="right" title={`${n} B`}>
                        {size(n)}
                      </Table.Td>
                    ))}
                    <Table.Td ta="right" title={`${s.change.heapUsed} B`}>
                      {s.change.heapUsed > 0 ? '+' : ''}
                      {size(s.change.heapUsed)}
                    </Table.Td>
                    <Table.Td ta="right">{size(s.memory.external)}</Table.Td>
                    <Table.Td ta="right">{size(s.memory.arrayBuffers)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          {stages.map((s) => (
            <section key={s.name} aria-label={s.name}>
              <Title order={3} size="h5">
                {s.name}
              </Title>
              {s.collections?.length ? <Generations collections={s.collections} /> : <Text size="sm">V8 collected nothing.</Text>}
              {s.died?.length ? <Text size="sm">Stepped line by line, these died: {s.died.join(', ')}.</Text> : null}
            </section>
          ))}
          <Text size="sm" c="dimmed">
            rss does not follow heapUsed: V8 and the system keep pages that they may need again. V8 may free an object before “x = null” runs, as soon as nothing reads x any more.
          </Text>
        </>
      )}
    </Stack>
  );
}
