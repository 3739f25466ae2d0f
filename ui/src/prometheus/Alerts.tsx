import { Alert, Anchor, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useHas } from '../api/about';
import { answered, client } from '../api/client';
import { Empty, Failed, Waiting } from '../parts/States';
import { Ago } from './Ago';
import type { ActiveAlert, Group as RuleGroup, Notified, Rule } from './api';
import { Choice, useChoice } from '../parts/Choice';
import { Health } from './Health';
import { Labels } from './Labels';
import classes from './prometheus.module.css';
import { Expression } from './Rules';
import { useAlertmanager, usePrometheus } from './useAsked';
import { exactly, filter, span } from './words';

// The alerting rules, the alerts that they raise, and what was found out about each.
export default function Alerts() {
  const rules = usePrometheus<{ groups: RuleGroup[] }>('rules', { type: 'alert' });
  const notified = useAlertmanager<Notified[]>('alerts', useHas('alertmanager'));
  const choice = useChoice();
  if (rules.error) return <Failed error={rules.error} />;
  if (!rules.data) return <Waiting what="Asking for the alerts" />;
  const all = rules.data.groups.flatMap((g) => g.rules.filter((r) => r.type === 'alerting').map((rule) => ({ group: g.name, rule })));
  if (all.length === 0)
    return (
      <Empty title="There are no alerting rules" command="plumb monitor --config.file=prometheus.yml">
        Your rule files have none, and plumb’s own are switched off.
      </Empty>
    );
  const states: Record<string, number> = { firing: 0, pending: 0, inactive: 0 };
  for (const { rule } of all) states[rule.state ?? 'inactive']! += 1;
  const order = Object.keys(states);
  const seen = all
    .filter(({ rule, group }) => !choice.without.includes(rule.state ?? 'inactive') && choice.has(rule.name, rule.query, group, ...(rule.alerts ?? []).flatMap((a) => Object.values(a.labels))))
    .sort((a, b) => order.indexOf(a.rule.state ?? 'inactive') - order.indexOf(b.rule.state ?? 'inactive'));
  return (
    <Stack gap="md">
      <Title order={2}>Alerts</Title>
      <Choice choice={choice} states={states} label="Name, expression or label" />
      {seen.map(({ group, rule }) => (
        <One key={group + rule.name + rule.query} group={group} rule={rule} notified={notified.data ?? []} />
      ))}
    </Stack>
  );
}

function One({ group, rule, notified }: { group: string; rule: Rule; notified: Notified[] }) {
  const alerts = rule.alerts ?? [];
  return (
    <Paper withBorder p="sm" component="section" aria-label={rule.name}>
      <Stack gap={6}>
        <Group gap="xs">
          <Title order={3} size="h4">
            {rule.name}
          </Title>
          <Health state={rule.state ?? 'inactive'} />
          <Text size="sm" c="dimmed">
            {group}
          </Text>
        </Group>
        <Expression expr={rule.query} />
        <Text size="sm" c="dimmed">
          {rule.duration ? `for ${span(rule.duration)}` : 'at once'}
          {rule.labels?.severity ? `, severity ${rule.labels.severity}` : ''}
        </Text>
        {rule.lastError && (
          <Text size="sm" c="red" role="alert">
            {rule.lastError}
          </Text>
        )}
        {alerts.map((a) => (
          <Raised key={JSON.stringify(a.labels)} alert={a} notified={notified.find((n) => same(a, n))} />
        ))}
      </Stack>
    </Paper>
  );
}

// same tells whether Alertmanager means an alert: it may have external labels besides.
function same(a: ActiveAlert, n: Notified): boolean {
  return Object.entries(a.labels).every(([name, value]) => n.labels[name] === value);
}

function Raised({ alert, notified }: { alert: ActiveAlert; notified?: Notified }) {
  const silences = useHas('alertmanager');
  const notes: Record<string, string> = { ...notified?.annotations, ...alert.annotations };
  const { plumb_finding: finding, plumb_path: path, plumb_url: url, ...others } = notes;
  return (
    <Paper withBorder p="xs" component="article" aria-label={Object.values(alert.labels).join(' ')}>
      <Stack gap={4}>
        <Group gap="xs" justify="space-between" wrap="nowrap" align="start">
          <Labels labels={alert.labels} without={['alertname']} />
          {silences && (
            <Button component={Link} to={`/silences/new?filter=${encodeURIComponent(filter(exactly(alert.labels)))}`} size="compact-xs" variant="default">
              Silence
            </Button>
          )}
        </Group>
        <Group gap="xs">
          <Health state={alert.state} />
          <Text size="sm">
            value <span className={classes.mono}>{alert.value}</span>, since <Ago time={alert.activeAt} />
          </Text>
          {notified?.status.state === 'suppressed' && (
            <Text size="sm" c="dimmed">
              {notified.status.silencedBy.length ? (
                <>
                  silenced by{' '}
                  {notified.status.silencedBy.map((id) => (
                    <Anchor key={id} component={Link} to={`/silences?search=${id}`} size="sm">
                      {id.slice(0, 8)}
                    </Anchor>
                  ))}
                </>
              ) : (
                'inhibited by another alert'
              )}
            </Text>
          )}
        </Group>
        {Object.entries(others).map(([name, text]) => (
          <Text key={name} size="sm">
            <Text span size="sm" c="dimmed">
              {name}:{' '}
            </Text>
            {text}
          </Text>
        ))}
        {finding && (
          <Alert color="red" variant="light" py="xs" title={finding}>
            {path && <div className={classes.mono}>{path}</div>}
            {url && <Finding url={url} />}
          </Alert>
        )}
      </Stack>
    </Paper>
  );
}

// Finding leads to the finding: here, when this machine has it, else at the plumb that
// made it.
function Finding({ url }: { url: string }) {
  const here = useHas('findings');
  const findings = useQuery({ queryKey: ['reports'], queryFn: () => answered(client.GET('/api/reports')), enabled: here });
  const id = decodeURIComponent(url.split('/').at(-1) ?? '');
  if (findings.data?.findings.some((f) => f.id === id))
    return (
      <Anchor component={Link} to={`/findings/${encodeURIComponent(id)}`} size="sm">
        The finding
      </Anchor>
    );
  return (
    <Anchor href={url} size="sm" rel="noreferrer">
      The finding, at the plumb that made it
    </Anchor>
  );
}
