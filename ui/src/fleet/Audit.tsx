import { Anchor, Stack, Table, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { answered, client } from '../api/client';
import { Empty, Failed, Waiting } from '../parts/States';

// Who gave which command to which agent, and what became of it.
export default function Audit() {
  const audit = useQuery({ queryKey: ['fleet', 'audit'], queryFn: () => answered(client.GET('/api/fleet/audit')), staleTime: 0, refetchInterval: 10_000 });
  if (audit.error) return <Failed error={audit.error} />;
  if (!audit.data) return <Waiting what="Asking the hub" />;
  const entries = audit.data.entries;
  return (
    <Stack gap="sm">
      <Anchor component={Link} to="/fleet" size="sm">
        Fleet
      </Anchor>
      <Title order={2}>Who gave which command</Title>
      {entries.length === 0 ? (
        <Empty title="No command was given" />
      ) : (
        <Table.ScrollContainer minWidth={720}>
          <Table verticalSpacing={4} fz="sm">
            <Table.Thead>
              <Table.Tr>
                {['Time', 'Who', 'What', 'App', 'Host', 'Entry', 'Outcome'].map((h) => (
                  <Table.Th key={h}>{h}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {entries.map((e, i) => (
                <Table.Tr key={i}>
                  <Table.Td>{new Date(e.time).toLocaleString()}</Table.Td>
                  <Table.Td>{e.who}</Table.Td>
                  <Table.Td>{e.what}</Table.Td>
                  <Table.Td>{e.app}</Table.Td>
                  <Table.Td>{e.host}</Table.Td>
                  <Table.Td>{e.kind}</Table.Td>
                  <Table.Td>{e.outcome}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  );
}
