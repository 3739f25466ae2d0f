import { Anchor, Stack, Table, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { answered, client } from '../api/client';
import { Empty, Failed, Waiting } from '../parts/States';
import { State } from './State';

// What leaked, the newest first.
export default function List() {
  const findings = useQuery({ queryKey: ['reports'], queryFn: () => answered(client.GET('/api/reports')), staleTime: 0, refetchInterval: 5000 });
  if (findings.error) return <Failed error={findings.error} />;
  if (!findings.data) return <Waiting what="Looking for findings" />;
  const all = findings.data.findings;
  if (all.length === 0)
    return (
      <Empty title="There are no findings yet" command="plumb hunt --open -- node app.js">
        A hunt shows its own here. plumb run and plumb attach make one when memory passes --capture-at, or when an alert asks for it.
      </Empty>
    );
  return (
    <Stack gap="sm">
      <Title order={2}>Findings</Title>
      <Table.ScrollContainer minWidth={560}>
        <Table verticalSpacing={6} highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>App</Table.Th>
              <Table.Th>Verdict</Table.Th>
              <Table.Th>What</Table.Th>
              <Table.Th>When</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {all.map((f) => (
              <Table.Tr key={f.id}>
                <Table.Td>{f.app}</Table.Td>
                <Table.Td>
                  <State state={f.state} />
                </Table.Td>
                <Table.Td>
                  <Anchor component={Link} to={`/findings/${encodeURIComponent(f.id)}`}>
                    {f.what || f.id}
                  </Anchor>
                </Table.Td>
                <Table.Td>{new Date(f.time).toLocaleString()}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}
