import { Alert, Anchor, Button, Group, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearchParams } from 'react-router';
import { useHas } from '../api/about';
import { answered, client } from '../api/client';
import type { components } from '../api/schema';
import { duration } from '../parts/duration';
import { size } from '../parts/size';
import { Empty, Failed, Waiting } from '../parts/States';
import { TimeChart } from '../parts/TimeChart';
import { seconds } from '../prometheus/words';
import { StateOf, useApps } from './Apps';
import { Profile } from './Profile';
import { stored } from './stored';

type Sample = components['schemas']['Sample'];

// sampled is how long allocations are sampled, in seconds.
const sampled = 30;

// One instance: what its memory did, and what can be done.
export default function Instance() {
  const { app = '', instance = '0' } = useParams();
  const path = { app, instance: Number(instance) };
  const apps = useApps();
  const [query, setQuery] = useSearchParams();
  const store = useHas('prometheus');
  const range = store ? (query.get('range') ?? '6h') : '';
  const past = useQuery({
    queryKey: ['apps', app, instance, range],
    queryFn: async ({ signal }) => {
      const long = range ? await stored(app, instance, seconds(range) ?? 21600, signal) : [];
      return long.length ? long : (await answered(client.GET('/api/apps/{app}/{instance}/history', { params: { path } }))).samples;
    },
    placeholderData: keepPreviousData,
    staleTime: 0,
    refetchInterval: 5000,
  });
  const profile = useMutation({ mutationFn: () => answered(client.POST('/api/apps/{app}/{instance}/profile', { params: { path, query: { seconds: sampled } } })) });
  const act = useMutation({
    mutationFn: (what: 'collect' | 'snapshot' | 'restart') => {
      if (what === 'restart') return answered(client.POST('/api/apps/{app}/restart', { params: { path: { app } } }));
      if (what === 'collect') return answered(client.POST('/api/apps/{app}/{instance}/collect', { params: { path } }));
      return answered(client.POST('/api/apps/{app}/{instance}/snapshot', { params: { path } }));
    },
  });
  if (apps.error) return <Failed error={apps.error} />;
  if (!apps.data) return <Waiting what="Asking plumb" />;
  const now = apps.data.instances.find((i) => i.app === app && i.instance === path.instance);
  if (!now) return <Empty title={`${app} is not kept up here`}>It was stopped, or its plumb has ended.</Empty>;
  const samples = past.data ?? [];
  return (
    <Stack gap="md">
      <div>
        <Anchor component={Link} to="/live" size="sm">
          Live
        </Anchor>
        <Group gap="sm">
          <Title order={2}>
            {app} {instance}
          </Title>
          <StateOf state={now.state} />
        </Group>
        <Text size="sm" c="dimmed">
          {now.command?.join(' ')}
          {now.pid ? `, process ${now.pid}` : ''}, {duration((Date.now() - new Date(now.since).getTime()) / 1000)}
          {now.toLimit ? `; at this rate its memory reaches the limit in ${duration(now.toLimit)}` : ''}
        </Text>
      </div>
      <Group gap="xs">
        {(['snapshot', 'collect', 'restart'] as const).map((what) => (
          <Button key={what} size="xs" variant="default" loading={act.isPending && act.variables === what} disabled={act.isPending} onClick={() => act.mutate(what)}>
            {{ snapshot: 'Take a snapshot', collect: 'Collect garbage', restart: 'Restart' }[what]}
          </Button>
        ))}
        <Button size="xs" variant="default" loading={profile.isPending} onClick={() => profile.mutate()}>
          Profile {sampled} s
        </Button>
        {store && (
          <SegmentedControl size="xs" value={range} onChange={(to) => setQuery({ range: to }, { replace: true })} data={['1h', '6h', '1d', '1w', '15d']} aria-label="Range" />
        )}
      </Group>
      {act.error && <Failed error={act.error} />}
      {profile.error && <Failed error={profile.error} />}
      {profile.isPending && (
        <Text size="sm" role="status">
          Allocations are being sampled; the program runs on.
        </Text>
      )}
      {profile.data && <Profile profile={profile.data} name={`${app}-${instance}`} />}
      {act.data && (
        <Alert py="xs" role="status">
          {act.data.text}
          {act.data.before ? ` heapUsed was ${size(act.data.before)}, and is ${size(act.data.after ?? 0)}.` : ''}{' '}
          {act.data.file && (
            <Anchor component={Link} to="/snapshots">
              {act.data.file}
            </Anchor>
          )}
        </Alert>
      )}
      {samples.length > 0 && <Charts samples={samples} limit={now.limit} />}
      <Text size="sm" c="dimmed">
        {store ? 'As the monitor has stored it.' : 'Since somebody first looked at this page, at most six hours.'} Red lines are restarts, grey ticks major collections.
      </Text>
    </Stack>
  );
}

function Charts({ samples, limit }: { samples: Sample[]; limit?: number }) {
  const times = samples.map((s) => new Date(s.time).getTime() / 1000);
  const of = (key: 'rss' | 'heapUsed' | 'heapTotal' | 'external' | 'arrayBuffers' | 'lag') => samples.map((s) => (key === 'rss' ? s.rss || null : s.heapUsed ? s[key] : null));
  const rate = (key: 'requests' | 'collections') =>
    samples.map((s, i) => {
      const before = samples[i - 1];
      const elapsed = i > 0 ? times[i]! - times[i - 1]! : 0;
      return before && elapsed > 0 && s[key] >= before[key] ? (s[key] - before[key]) / elapsed : null;
    });
  const restarts = times.filter((_, i) => i > 0 && samples[i]!.restarts > samples[i - 1]!.restarts);
  return (
    <>
      <TimeChart
        label="Memory"
        times={times}
        marks={restarts}
        ticks={times.filter((_, i) => i > 0 && samples[i]!.collections > samples[i - 1]!.collections)}
        text={size}
        height={240}
        lines={[
          { name: 'rss', colour: 'blue-filled', values: of('rss') },
          { name: 'heapUsed', colour: 'teal-filled', values: of('heapUsed') },
          { name: 'heapTotal', colour: 'teal-3', values: of('heapTotal') },
          { name: 'external', colour: 'grape-filled', values: of('external') },
          { name: 'arrayBuffers', colour: 'grape-3', values: of('arrayBuffers') },
          ...(limit ? [{ name: 'limit', colour: 'red-filled', values: times.map(() => limit), dashed: true }] : []),
        ]}
      />
      <TimeChart label="Event loop lag (p99)" times={times} marks={restarts} text={(s) => `${(s * 1000).toFixed(1)} ms`} height={130} lines={[{ name: 'lag', colour: 'orange-filled', values: of('lag') }]} />
      <TimeChart label="Requests" times={times} marks={restarts} text={(n) => `${n.toFixed(n < 10 ? 1 : 0)}/s`} height={130} lines={[{ name: 'requests', colour: 'blue-filled', values: rate('requests') }]} />
      <TimeChart label="Major collections" times={times} marks={restarts} text={(n) => `${n.toFixed(2)}/s`} height={130} lines={[{ name: 'collections', colour: 'gray-6', values: rate('collections') }]} />
    </>
  );
}
