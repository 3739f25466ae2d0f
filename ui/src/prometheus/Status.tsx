import { Code, SimpleGrid, Stack, Table, Tabs, Text, Title } from '@mantine/core';
import { useNavigate, useParams } from 'react-router';
import { useHas } from '../api/about';
import { count } from '../parts/size';
import { Empty, Failed, Waiting } from '../parts/States';
import classes from './prometheus.module.css';
import { useAlertmanager, usePrometheus } from './useAsked';

// What the server is, what it was told, and what it holds.
export default function Status() {
  const { tab = 'server' } = useParams();
  const navigate = useNavigate();
  const alertmanager = useHas('alertmanager');
  const tabs: [string, string, () => React.ReactNode][] = [
    ['server', 'Server', Server],
    ['flags', 'Flags', Flags],
    ['configuration', 'Configuration', Configuration],
    ['storage', 'Storage', Storage],
    ...(alertmanager ? [['alertmanager', 'Alertmanager', Alertmanager] as [string, string, () => React.ReactNode]] : []),
  ];
  const Shown = tabs.find(([name]) => name === tab)?.[2];
  return (
    <Stack gap="md">
      <Title order={2}>Status</Title>
      <Tabs value={tab} onChange={(to) => void navigate(`/status/${to}`)}>
        <Tabs.List>
          {tabs.map(([name, label]) => (
            <Tabs.Tab key={name} value={name}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map(([name]) => (
          <Tabs.Panel key={name} value={name} pt="md">
            {name === tab && Shown ? <Shown /> : null}
          </Tabs.Panel>
        ))}
      </Tabs>
      {!Shown && <Empty title="There is no such status">Choose one of those above.</Empty>}
    </Stack>
  );
}

type Facts = Record<string, unknown>;

function Server() {
  const build = usePrometheus<Facts>('status/buildinfo');
  const runtime = usePrometheus<Facts>('status/runtimeinfo');
  const receivers = usePrometheus<{ activeAlertmanagers: { url: string }[]; droppedAlertmanagers: { url: string }[] }>('alertmanagers');
  const error = build.error ?? runtime.error;
  if (error) return <Failed error={error} />;
  if (!build.data || !runtime.data) return <Waiting what="Asking the server" />;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
      <Pairs title="Runs" facts={runtime.data} />
      <div>
        <Pairs title="Build" facts={build.data} />
        {receivers.data && (
          <Pairs title="Alerts go to" facts={Object.fromEntries(receivers.data.activeAlertmanagers.map((a, i) => [`Alertmanager ${i + 1}`, a.url]))} nothing="No Alertmanager takes them." />
        )}
      </div>
    </SimpleGrid>
  );
}

function Flags() {
  const flags = usePrometheus<Record<string, string>>('status/flags');
  if (flags.error) return <Failed error={flags.error} />;
  if (!flags.data) return <Waiting what="Asking for the flags" />;
  return <Pairs title="As it was started" facts={flags.data} nothing="It was started without flags." />;
}

function Configuration() {
  const config = usePrometheus<{ yaml: string }>('status/config');
  if (config.error) return <Failed error={config.error} />;
  if (!config.data) return <Waiting what="Asking for the configuration" />;
  return <Yaml text={config.data.yaml} label="Configuration" />;
}

interface Top {
  name: string;
  value: number;
}

function Storage() {
  const tsdb = usePrometheus<{ headStats: Record<string, number>; seriesCountByMetricName: Top[]; labelValueCountByLabelName: Top[]; memoryInBytesByLabelName: Top[]; seriesCountByLabelValuePair: Top[] }>('status/tsdb');
  if (tsdb.error) return <Failed error={tsdb.error} />;
  if (!tsdb.data) return <Waiting what="Asking for the storage" />;
  const head = tsdb.data.headStats;
  const when = (ms?: number) => (ms && Math.abs(ms) < 8e15 ? new Date(ms).toLocaleString() : 'none');
  return (
    <Stack gap="md">
      <Pairs title="Newest block, in memory" facts={{ Series: count(head.numSeries ?? 0), Chunks: count(head.chunkCount ?? 0), 'Label pairs': count(head.numLabelPairs ?? 0), From: when(head.minTime), To: when(head.maxTime) }} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <Pairs title="Most series, by metric" facts={most(tsdb.data.seriesCountByMetricName)} />
        <Pairs title="Most series, by label" facts={most(tsdb.data.seriesCountByLabelValuePair)} />
        <Pairs title="Most values, by label" facts={most(tsdb.data.labelValueCountByLabelName)} />
        <Pairs title="Most bytes, by label" facts={most(tsdb.data.memoryInBytesByLabelName)} />
      </SimpleGrid>
    </Stack>
  );
}

const most = (list: Top[] | null) => Object.fromEntries((list ?? []).map((t) => [t.name, count(t.value)]));

function Alertmanager() {
  const status = useAlertmanager<{ versionInfo: Facts; uptime: string; config: { original: string } }>('status');
  if (status.error) return <Failed error={status.error} />;
  if (!status.data) return <Waiting what="Asking Alertmanager" />;
  return (
    <Stack gap="md">
      <Pairs title="Runs" facts={{ since: new Date(status.data.uptime).toLocaleString(), version: status.data.versionInfo.version }} />
      <Yaml text={status.data.config.original} label="Configuration of Alertmanager" />
    </Stack>
  );
}

function Yaml({ text, label }: { text: string; label: string }) {
  return (
    <Code block tabIndex={0} role="region" aria-label={label} style={{ fontSize: 13 }}>
      {text}
    </Code>
  );
}

function Pairs({ title, facts, nothing }: { title: string; facts: Facts; nothing?: string }) {
  const pairs = Object.entries(facts);
  return (
    <section aria-label={title}>
      <Title order={3} size="h5" mb={4}>
        {title}
      </Title>
      {pairs.length === 0 ? (
        <Text size="sm" c="dimmed">
          {nothing ?? 'None.'}
        </Text>
      ) : (
        <Table verticalSpacing={3} mb="md">
          <Table.Tbody>
            {pairs.map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" fw={400} c="dimmed" w="45%">
                  {name}
                </Table.Th>
                <Table.Td className={classes.mono}>{String(value)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  );
}
