import { Anchor, Button, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { answered, client } from '../api/client';
import { size } from '../parts/size';
import { Failed, Waiting } from '../parts/States';

// The lab: what was recorded, what can be run, the exhibits.
export default function Index() {
  const navigate = useNavigate();
  const lab = useQuery({ queryKey: ['lab'], queryFn: () => answered(client.GET('/api/lab')), staleTime: 0 });
  const record = useMutation({
    mutationFn: () => answered(client.POST('/api/lab/recordings', { body: {} })),
    onSuccess: ({ id }) => navigate(`/lab/recordings/${id}`),
  });
  if (lab.error) return <Failed error={lab.error} />;
  if (!lab.data) return <Waiting what="Opening the lab" />;
  const { recordings, exhibits } = lab.data;
  return (
    <Stack gap="md">
      <div>
        <Title order={2}>The lab</Title>
        <Text c="dimmed">Stack, heap, references and garbage collection, on V8 itself. Running a program runs it, with all that it does; here only plumb’s own are run.</Text>
      </div>
      <Group gap="xs">
        <Button onClick={() => record.mutate()} loading={record.isPending}>
          Run the tutorial’s demo line by line
        </Button>
        <Button variant="default" component={Link} to="/lab/stages">
          Its memory by stages
        </Button>
        <Button variant="default" component={Link} to="/lab/prevention">
          Habits that prevent leaks
        </Button>
      </Group>
      {record.error && <Failed error={record.error} />}
      {recordings.length > 0 && (
        <section aria-label="Recordings">
          <Title order={3} size="h4">
            Recordings
          </Title>
          <Table.ScrollContainer minWidth={320}>
            <Table verticalSpacing={4}>
              <Table.Tbody>
                {recordings.map((r) => (
                  <Table.Tr key={r.id}>
                    <Table.Td>
                      <Anchor component={Link} to={`/lab/recordings/${r.id}`}>
                        {r.program}
                      </Anchor>
                    </Table.Td>
                    <Table.Td>Node.js {r.node.replace(/^v/, '')}</Table.Td>
                    <Table.Td ta="right">{r.steps} steps</Table.Td>
                    <Table.Td>{r.end.reason}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </section>
      )}
      <section aria-label="Exhibits">
        <Title order={3} size="h4">
          Exhibits
        </Title>
        <Text size="sm" c="dimmed">
          Small programs that leak, and their fixes.
        </Text>
        <Table.ScrollContainer minWidth={420}>
          <Table verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>What leaks</Table.Th>
                <Table.Th ta="right">A call leaves</Table.Th>
                <Table.Th>in</Table.Th>
                <Table.Th>Lint rule</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {exhibits.map((e) => (
                <Table.Tr key={e.name}>
                  <Table.Td>
                    <Anchor component={Link} to={`/lab/exhibits/${e.name}`}>
                      {e.title}
                    </Anchor>
                  </Table.Td>
                  <Table.Td ta="right">{e.predicted ? size(e.predicted) : 'nothing'}</Table.Td>
                  <Table.Td>{e.signal === 'heap' ? 'the heap' : 'external memory'}</Table.Td>
                  <Table.Td>{e.lint}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </section>
    </Stack>
  );
}
