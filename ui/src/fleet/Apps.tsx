import { Alert, Anchor, Button, Group, Menu, Progress, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { answered, client } from '../api/client';
import type { components } from '../api/schema';
import { StateOf } from '../live/Apps';
import { duration } from '../parts/duration';
import { count, size } from '../parts/size';
import { Empty, Failed, Waiting } from '../parts/States';
import { Choice, useChoice } from '../parts/Choice';

type App = components['schemas']['Member'];
type What = 'snapshot' | 'collect' | 'profile';

// The apps of all hosts: memory and state, and what their agents can be asked to do.
export default function Apps() {
  const apps = useQuery({ queryKey: ['fleet', 'apps'], queryFn: () => answered(client.GET('/api/fleet/apps')), staleTime: 0, refetchInterval: 5000 });
  const choice = useChoice();
  const act = useMutation({
    mutationFn: ({ app, what }: { app: App; what: What }) =>
      answered(client.POST('/api/fleet/apps/{app}/{what}', { params: { path: { app: app.app, what }, query: { host: app.host, instance: app.instance } } })),
    onSuccess: (done, { app }) => done.file !== undefined && save(`${app.app}-${app.instance}.heapprofile`, done.file),
  });
  if (apps.error) return <Failed error={apps.error} />;
  if (!apps.data) return <Waiting what="Asking the hub" />;
  const all = apps.data.apps;
  const now = new Date(apps.data.now).getTime();
  if (all.length === 0)
    return (
      <Empty title="No app was heard of" command="plumb run --hub nats://HUB:4222 --hub-token-file web-1.token -- node app.js">
        plumb run, attach and exporter tell the hub of theirs.
      </Empty>
    );
  const states: Record<string, number> = {};
  for (const a of all) states[a.standing] = (states[a.standing] ?? 0) + 1;
  const seen = all.filter((a) => !choice.without.includes(a.standing) && choice.has(a.app, a.host, a.agent, a.release ?? ''));
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={2}>Fleet</Title>
        <Anchor component={Link} to="/fleet/audit" size="sm">
          Who gave which command
        </Anchor>
      </Group>
      <Choice choice={choice} states={states} label="App, host, agent or release" />
      {act.error && <Failed error={act.error} />}
      {act.isPending && (
        <Text size="sm" role="status">
          Asking the agent of {act.variables.app.app} on {act.variables.app.host}: {act.variables.what}
        </Text>
      )}
      {act.data && (
        <Alert py="xs" role="status">
          {act.variables?.app.app} on {act.variables?.app.host}: {act.data.text}
        </Alert>
      )}
      <Table.ScrollContainer minWidth={860}>
        <Table verticalSpacing={5} highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>App</Table.Th>
              <Table.Th>Host</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th>Release</Table.Th>
              <Table.Th>Memory</Table.Th>
              <Table.Th ta="right">Heap</Table.Th>
              <Table.Th ta="right">Restarts</Table.Th>
              <Table.Th ta="right">Heard</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {seen.map((a) => (
              <Table.Tr key={`${a.agent} ${a.host} ${a.app} ${a.instance}`}>
                <Table.Td>
                  {a.app} {a.instance}
                </Table.Td>
                <Table.Td title={`agent ${a.agent}`}>{a.host}</Table.Td>
                <Table.Td>
                  <StateOf state={a.standing} />
                </Table.Td>
                <Table.Td>{a.release}</Table.Td>
                <Table.Td title={`${count(a.rss)} B`}>
                  {size(a.rss)}
                  {a.limit ? ` of ${size(a.limit)}` : ''}
                  {a.limit ? <Progress value={(100 * a.rss) / a.limit} size="xs" color={a.rss > 0.9 * a.limit ? 'red' : 'blue'} aria-label={`Memory of ${a.app} ${a.instance} on ${a.host}`} /> : null}
                </Table.Td>
                <Table.Td ta="right">{a.heap ? size(a.heap) : ''}</Table.Td>
                <Table.Td ta="right">{a.restarts}</Table.Td>
                <Table.Td ta="right" title={a.spooled.cases ? `${a.spooled.cases} cases wait at the agent, ${size(a.spooled.bytes)}` : undefined}>
                  {a.seen ? `${duration((now - new Date(a.seen).getTime()) / 1000)} ago` : ''}
                </Table.Td>
                <Table.Td>
                  {a.allows && a.allows.length > 0 && (
                    <Menu position="bottom-end">
                      <Menu.Target>
                        <Button size="compact-xs" variant="default" disabled={act.isPending} aria-label={`Commands to ${a.app} ${a.instance} on ${a.host}`}>
                          …
                        </Button>
                      </Menu.Target>
                      <Menu.Dropdown>
                        {(a.allows as What[]).map((what) => (
                          <Menu.Item key={what} onClick={() => act.mutate({ app: a, what })}>
                            {{ snapshot: 'Take a snapshot, and compare', collect: 'Collect garbage', profile: 'Profile 30 s' }[what]}
                          </Menu.Item>
                        ))}
                      </Menu.Dropdown>
                    </Menu>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}

// save gives the browser a file.
function save(name: string, file: unknown) {
  const url = URL.createObjectURL(new Blob([JSON.stringify(file)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
