import { Anchor, Code, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { Empty, Failed, Waiting } from '../parts/States';
import { Ago } from './Ago';
import type { Group, Rule } from './api';
import { Choice, useChoice } from '../parts/Choice';
import { Health } from './Health';
import { fresh, write } from './panels';
import classes from './prometheus.module.css';
import { usePrometheus } from './useAsked';
import { span } from './words';

// graphOf leads to an expression in the graph.
export const graphOf = (expr: string) => `/graph?${write([{ ...fresh, expr }])}`;

// What is evaluated, and how that goes.
export default function Rules() {
  const rules = usePrometheus<{ groups: Group[] }>('rules');
  const choice = useChoice();
  if (rules.error) return <Failed error={rules.error} />;
  if (!rules.data) return <Waiting what="Asking for the rules" />;
  const groups = rules.data.groups;
  if (groups.length === 0)
    return (
      <Empty title="There are no rules" command="plumb monitor --config.file=prometheus.yml">
        The files under rule_files of your Prometheus file are evaluated; without files, plumb’s own rules for Node.js are.
      </Empty>
    );
  const states: Record<string, number> = {};
  for (const r of groups.flatMap((g) => g.rules)) states[r.health] = (states[r.health] ?? 0) + 1;
  const seen = groups
    .map((g) => ({ ...g, rules: g.rules.filter((r) => !choice.without.includes(r.health) && choice.has(r.name, r.query, g.name)) }))
    .filter((g) => g.rules.length > 0);
  return (
    <Stack gap="md">
      <Title order={2}>Rules</Title>
      <Choice choice={choice} states={states} label="Name or expression" />
      {seen.map((g) => (
        <Paper key={g.file + g.name} withBorder p="sm" component="section" aria-label={g.name}>
          <Title order={3} size="h4">
            {g.name}{' '}
            <Text span size="sm" c="dimmed">
              every {span(g.interval)}, {g.file}
            </Text>
          </Title>
          <Table.ScrollContainer minWidth={640}>
            <Table verticalSpacing={5}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Rule</Table.Th>
                  <Table.Th>State</Table.Th>
                  <Table.Th ta="right">Evaluated</Table.Th>
                  <Table.Th ta="right">Took</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {g.rules.map((r, i) => (
                  <Table.Tr key={i}>
                    <Table.Td>
                      <One rule={r} />
                    </Table.Td>
                    <Table.Td>
                      <Health state={r.health} />
                    </Table.Td>
                    <Table.Td ta="right">
                      <Ago time={r.lastEvaluation} />
                    </Table.Td>
                    <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>{(1000 * r.evaluationTime).toFixed(1)} ms</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Paper>
      ))}
    </Stack>
  );
}

function One({ rule }: { rule: Rule }) {
  return (
    <Stack gap={2}>
      <Text size="sm" fw={600}>
        {rule.type === 'recording' ? 'record' : 'alert'}: {rule.name}
      </Text>
      <Expression expr={rule.query} />
      {rule.duration ? <Text size="sm">for {span(rule.duration)}</Text> : null}
      {rule.lastError && (
        <Text size="sm" c="red" role="alert">
          {rule.lastError}
        </Text>
      )}
    </Stack>
  );
}

// Expression leads to its graph.
export function Expression({ expr }: { expr: string }) {
  return (
    <Anchor component={Link} to={graphOf(expr)} className={classes.mono}>
      <Code style={{ whiteSpace: 'pre-wrap' }}>{expr}</Code>
    </Anchor>
  );
}
