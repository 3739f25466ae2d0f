import { Anchor, Badge, Progress, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { answered, client } from '../api/client';
import { duration } from '../parts/duration';
import { count, size } from '../parts/size';
import { Empty, Failed, Waiting } from '../parts/States';

// useApps is the programs that are kept up, as they are now.
export function useApps() {
  return useQuery({ queryKey: ['apps'], queryFn: () => answered(client.GET('/api/apps')), staleTime: 0, refetchInterval: 5000 });
}

// The programs that are kept up on this machine.
export default function Apps() {
  const apps = useApps();
  if (apps.error) return <Failed error={apps.error} />;
  if (!apps.data) return <Waiting what="Asking each plumb" />;
  const all = apps.data.instances;
  if (all.length === 0)
    return (
      <Empty title="No program is kept up here" command="plumb run --max-memory 400M -- node app.js">
        Programs that plumb run keeps up appear here, with their memory and their limit.
      </Empty>
    );
  return (
    <Stack gap="sm">
      <Title order={2}>Live</Title>
      <Table.ScrollContainer minWidth={640}>
        <Table verticalSpacing={6} highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>App</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th>Memory</Table.Th>
              <Table.Th ta="right">Heap used</Table.Th>
              <Table.Th ta="right">Limit in</Table.Th>
              <Table.Th ta="right">Restarts</Table.Th>
              <Table.Th ta="right">For</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {all.map((i) => (
              <Table.Tr key={`${i.app} ${i.instance}`}>
                <Table.Td>
                  <Anchor component={Link} to={`/live/${encodeURIComponent(i.app)}/${i.instance}`}>
                    {i.app} {i.instance}
                  </Anchor>
                </Table.Td>
                <Table.Td>
                  <StateOf state={i.state} />
                </Table.Td>
                <Table.Td title={`${count(i.rss)} B`}>
                  {size(i.rss)}
                  {i.limit ? ` of ${size(i.limit)}` : ''}
                  {i.limit ? <Progress value={(100 * i.rss) / i.limit} size="xs" color={i.rss > 0.9 * i.limit ? 'red' : 'blue'} aria-label={`Memory of ${i.app} ${i.instance}`} /> : null}
                </Table.Td>
                <Table.Td ta="right">{i.now?.heapUsed ? size(i.now.heapUsed) : ''}</Table.Td>
                <Table.Td ta="right">{i.toLimit ? duration(i.toLimit) : ''}</Table.Td>
                <Table.Td ta="right" title={Object.entries(i.reasons ?? {}).map(([r, n]) => `${r}: ${n}`).join('\n')}>
                  {i.restarts}
                </Table.Td>
                <Table.Td ta="right">{duration((Date.now() - new Date(i.since).getTime()) / 1000)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="sm" c="dimmed">
        “Limit in” is when the memory reaches its limit if it goes on growing as it does.
      </Text>
    </Stack>
  );
}

export function StateOf({ state }: { state: string }) {
  return (
    <Badge variant="outline" color={state === 'up' || state === 'running' ? 'teal' : state === 'failed' ? 'red' : 'gray'}>
      {state}
    </Badge>
  );
}
