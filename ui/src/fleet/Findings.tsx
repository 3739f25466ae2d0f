import { Anchor, Badge, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { answered, client } from '../api/client';
import { size } from '../parts/size';
import { Empty, Failed, Waiting } from '../parts/States';
import { Choice, useChoice } from '../parts/Choice';

const colours: Record<string, string> = { grows: 'red', regressed: 'red', fixed: 'teal' };

// What leaks anywhere, each leak once.
export default function Findings() {
  const findings = useQuery({ queryKey: ['fleet', 'findings'], queryFn: () => answered(client.GET('/api/fleet/findings')), staleTime: 0, refetchInterval: 10_000 });
  const choice = useChoice();
  if (findings.error) return <Failed error={findings.error} />;
  if (!findings.data) return <Waiting what="Asking the hub" />;
  const { findings: all, alarms } = findings.data;
  if (all.length === 0 && alarms.length === 0)
    return (
      <Empty title="Nothing leaks, as far as alarms tell" command="plumb run --hub nats://HUB:4222 --capture-at 70% -- node app.js">
        Agents send what they find when the memory of a program passes --capture-at.
      </Empty>
    );
  const states: Record<string, number> = {};
  for (const f of all) states[f.state] = (states[f.state] ?? 0) + 1;
  const seen = all.filter((f) => !choice.without.includes(f.state) && choice.has(f.app, f.line, f.fingerprint, ...f.releases!, ...f.instances!));
  return (
    <Stack gap="sm">
      <Title order={2}>Leaks</Title>
      <Choice choice={choice} states={states} label="App, variable, host or release" />
      <Table.ScrollContainer minWidth={860}>
        <Table verticalSpacing={5} highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>App</Table.Th>
              <Table.Th>What</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th ta="right">On</Table.Th>
              <Table.Th ta="right">Per request</Table.Th>
              <Table.Th>Since</Table.Th>
              <Table.Th>First</Table.Th>
              <Table.Th>Last</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {seen.map((f) => (
              <Table.Tr key={f.fingerprint}>
                <Table.Td>{f.app}</Table.Td>
                <Table.Td>
                  <Anchor component={Link} to={`/fleet/findings/${encodeURIComponent(f.fingerprint)}`}>
                    {f.line}
                  </Anchor>
                </Table.Td>
                <Table.Td>
                  <Badge variant="outline" color={colours[f.state]}>
                    {f.stands}
                  </Badge>
                </Table.Td>
                <Table.Td ta="right" title={f.instances?.join('\n')}>
                  {f.instances?.length}
                </Table.Td>
                <Table.Td ta="right">{f.bytesPerRequest ? size(Math.round(f.bytesPerRequest)) : ''}</Table.Td>
                <Table.Td>{f.appeared}</Table.Td>
                <Table.Td>{new Date(f.first).toLocaleString()}</Table.Td>
                <Table.Td>{new Date(f.last).toLocaleString()}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {alarms.length > 0 && (
        <section aria-label="Alarms without an explanation">
          <Title order={3} size="h4">
            Alarms without an explanation
          </Title>
          <Table verticalSpacing={3} fz="sm">
            <Table.Tbody>
              {alarms.map((a) => (
                <Table.Tr key={a.app + a.host + a.seen}>
                  <Table.Td>{a.app}</Table.Td>
                  <Table.Td>{a.host}</Table.Td>
                  <Table.Td>{new Date(a.seen).toLocaleString()}</Table.Td>
                  <Table.Td>
                    {a.why}
                    <Text size="sm" c="dimmed">
                      {a.problem}
                    </Text>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      )}
    </Stack>
  );
}
