import { Anchor, Badge, Button, Code, Group, Stack, Table, Tabs, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from 'react-router';
import { answered, client } from '../api/client';
import { count, size } from '../parts/size';
import { Failed, Waiting } from '../parts/States';
import { Label } from './columns';
import { References } from './Containment';
import { Opened } from './Opened';
import { Retainers } from './Retainers';
import { useView } from './shelf';
import classes from './snapshots.module.css';
import { bytes, distance, type Snapshot } from './words';

// All about one object.
export default function ObjectPage() {
  const { id = '', object = '' } = useParams();
  return <Opened id={id}>{(snapshot) => <About key={object} snapshot={snapshot} object={object} />}</Opened>;
}

function About({ snapshot, object }: { snapshot: Snapshot; object: string }) {
  const id = snapshot.id;
  const navigate = useNavigate();
  const { get, set } = useView();
  const tab = get('show') ?? 'retainers';
  const path = { id, object };
  const about = useQuery({
    queryKey: ['object', id, object],
    queryFn: () => answered(client.GET('/api/snapshots/{id}/objects/{object}', { params: { path } })),
    staleTime: Infinity,
  });
  const freed = useMutation({ mutationFn: () => answered(client.POST('/api/snapshots/{id}/whatif', { params: { path: { id } }, body: { objects: [object] } })) });
  if (about.error) return <Failed error={about.error} />;
  if (!about.data) return <Waiting what="Looking at the object" />;
  const o = about.data;
  const enter = (other: number | string) => navigate(`/snapshots/${id}/objects/${encodeURIComponent(String(other))}`);
  return (
    <div className={classes.page}>
      <Stack gap={6}>
        <Anchor component={Link} to={`/snapshots/${id}/summary`} size="sm">
          {snapshot.name}
        </Anchor>
        <Title order={2} size="h4" style={{ overflowWrap: 'anywhere' }}>
          <Label thing={o} />
        </Title>
        <Group gap="lg">
          <Fact name="Class" value={o.class} />
          <Fact name="Type" value={o.type} />
          <Fact name="Distance" value={distance(o.distance)} />
          <Fact name="Shallow size" value={size(o.shallow)} exact={bytes(o.shallow)} />
          <Fact name="Retained size" value={size(o.retained)} exact={bytes(o.retained)} />
          <Fact name="References" value={count(o.edges)} />
          <Fact name="Retainers" value={count(o.retainers)} />
          {o.source && <Fact name="Written in" value={`${o.source.script || 'an unknown script'}:${o.source.line}:${o.source.column}`} />}
        </Group>
        {o.detached && (
          <Badge color="red" variant="outline">
            detached
          </Badge>
        )}
        {o.value && (
          <Code block mah={120} style={{ overflow: 'auto' }} tabIndex={0}>
            {o.value}
          </Code>
        )}
        {o.alone && <Text size="sm">{o.alone}</Text>}
        {o.stack?.length ? <Text size="sm">Made by {o.stack.map((c) => `${c.function || '(anonymous)'} (${c.script}:${c.line})`).join(' ← ')}</Text> : null}
        <Group gap="xs">
          <Button size="compact-xs" variant="default" loading={freed.isPending} onClick={() => freed.mutate()}>
            What if it were gone?
          </Button>
          {freed.error && <Failed error={freed.error} />}
          {freed.data && (
            <Text size="sm" role="status" title={bytes(freed.data.bytes)}>
              {count(freed.data.objects)} objects with {size(freed.data.bytes)} would be freed
              {freed.data.classes?.length ? `: ${freed.data.classes.slice(0, 4).map((c) => `${count(c.objects)} ${c.name}`).join(', ')}${freed.data.classes.length > 4 ? ' and others' : ''}` : ''}.
            </Text>
          )}
        </Group>
      </Stack>
      <Tabs value={tab} onChange={(v) => set({ show: v ?? undefined }, true)}>
        <Tabs.List>
          <Tabs.Tab value="retainers">Retainers</Tabs.Tab>
          <Tabs.Tab value="references">References</Tabs.Tab>
          <Tabs.Tab value="paths">Paths</Tabs.Tab>
        </Tabs.List>
      </Tabs>
      <div className={classes.lower} style={{ flex: 1 }}>
        {tab === 'retainers' && <Retainers snapshot={snapshot} object={object} enter={enter} />}
        {tab === 'references' && <References snapshot={snapshot} object={object} label="References" select={() => {}} enter={enter} />}
        {tab === 'paths' && <Ways id={id} object={object} enter={enter} />}
      </div>
    </div>
  );
}

function Fact({ name, value, exact }: { name: string; value: string; exact?: string }) {
  return (
    <div title={exact}>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text size="sm">{value}</Text>
    </div>
  );
}

// The shortest ways from roots to the object, one object and one reference in a row.
function Ways({ id, object, enter }: { id: string; object: string; enter: (other: number) => void }) {
  const ways = useQuery({
    queryKey: ['paths', id, object],
    queryFn: () => answered(client.GET('/api/snapshots/{id}/objects/{object}/paths', { params: { path: { id, object } } })),
    staleTime: Infinity,
  });
  if (ways.error) return <Failed error={ways.error} />;
  if (!ways.data) return <Waiting what="Looking for ways" />;
  if (ways.data.paths.length === 0) return <Text size="sm">No way leads to it from a root, within the search’s limits: its retainers say more.</Text>;
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label="Paths">
      <Stack gap="md">
        {ways.data.paths.map((way, i) => (
          <Table key={i} verticalSpacing={2} fz="sm" aria-label={`Way ${i + 1}`}>
            <Table.Tbody>
              {(way ?? []).map((step, j) => (
                <Table.Tr key={j}>
                  <Table.Td>
                    <Anchor component="button" inherit onClick={() => enter(step.id)}>
                      <Label thing={step} />
                    </Anchor>
                  </Table.Td>
                  <Table.Td>
                    {step.edge && (
                      <span className={classes.edge}>
                        {step.edgeType === 'element' ? `[${step.edge}]` : `.${step.edge}`} ↓
                      </span>
                    )}
                  </Table.Td>
                  <Table.Td ta="right">{size(step.retained)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        ))}
      </Stack>
      {ways.data.more && <Text size="sm">There are others.</Text>}
    </div>
  );
}
