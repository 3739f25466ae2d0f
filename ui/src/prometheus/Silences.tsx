import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { Empty, Failed, Waiting } from '../parts/States';
import { alertmanager, type Silence } from './api';
import { Choice, useChoice } from '../parts/Choice';
import { Health } from './Health';
import classes from './prometheus.module.css';
import { useAlertmanager } from './useAsked';
import { filter, matcher } from './words';

const order = ['active', 'pending', 'expired'];

// What is not notified, until when, by whom and why.
export default function Silences() {
  const silences = useAlertmanager<Silence[]>('silences');
  const choice = useChoice();
  if (silences.error) return <Failed error={silences.error} />;
  if (!silences.data) return <Waiting what="Asking for the silences" />;
  const all = silences.data;
  const states: Record<string, number> = Object.fromEntries(order.map((state) => [state, all.filter((s) => s.status.state === state).length]));
  const seen = all
    .filter((s) => !choice.without.includes(s.status.state) && choice.has(s.id, s.comment, s.createdBy, ...s.matchers.map(matcher)))
    .sort((a, b) => order.indexOf(a.status.state) - order.indexOf(b.status.state) || (a.endsAt < b.endsAt ? 1 : -1));
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Title order={2}>Silences</Title>
        <Button component={Link} to="/silences/new" size="xs">
          New silence
        </Button>
      </Group>
      {all.length === 0 ? (
        <Empty title="Nothing is silenced">A silence keeps alerts from being notified for a while: during a deployment, or while somebody is at work on the cause.</Empty>
      ) : (
        <Choice choice={choice} states={states} label="Matcher, person or comment" />
      )}
      {seen.map((s) => (
        <One key={s.id} silence={s} />
      ))}
    </Stack>
  );
}

function One({ silence }: { silence: Silence }) {
  const queries = useQueryClient();
  const expire = useMutation({
    mutationFn: () => alertmanager(`silence/${silence.id}`, 'DELETE'),
    onSettled: () => queries.invalidateQueries({ queryKey: ['v2'] }),
  });
  const ended = silence.status.state === 'expired';
  return (
    <Paper withBorder p="sm" component="article" aria-label={silence.comment}>
      <Group justify="space-between" wrap="nowrap" align="start">
        <Stack gap={4}>
          <Group gap="xs">
            <Health state={silence.status.state} />
            <div className={classes.labels}>
              {silence.matchers.map((m) => (
                <span key={matcher(m)} className={classes.label}>
                  {matcher(m)}
                </span>
              ))}
            </div>
          </Group>
          <Text size="sm">{silence.comment}</Text>
          <Text size="sm" c="dimmed">
            {silence.createdBy}, {new Date(silence.startsAt).toLocaleString()} to {new Date(silence.endsAt).toLocaleString()}
          </Text>
        </Stack>
        <Group gap="xs">
          <Button component={Link} to={`/silences/new?filter=${encodeURIComponent(filter(silence.matchers))}&comment=${encodeURIComponent(silence.comment)}`} size="compact-xs" variant="default">
            {ended ? 'Again' : 'Copy'}
          </Button>
          {!ended && (
            <Button size="compact-xs" variant="outline" color="red" loading={expire.isPending} onClick={() => expire.mutate()}>
              Expire
            </Button>
          )}
        </Group>
      </Group>
      {expire.error && <Failed error={expire.error} />}
    </Paper>
  );
}
