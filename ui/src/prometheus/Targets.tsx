import { Anchor, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { Empty, Failed, Waiting } from '../parts/States';
import { Ago } from './Ago';
import type { Target, Targets as All } from './api';
import { Choice, useChoice } from '../parts/Choice';
import { Health } from './Health';
import { Labels } from './Labels';
import classes from './prometheus.module.css';
import { usePrometheus } from './useAsked';

// What is scraped, and how that goes.
export default function Targets() {
  const targets = usePrometheus<All>('targets');
  const choice = useChoice();
  if (targets.error) return <Failed error={targets.error} />;
  if (!targets.data) return <Waiting what="Asking for the targets" />;
  const all = targets.data.activeTargets;
  if (all.length === 0)
    return (
      <Empty title="Nothing is scraped" command="plumb run -- node app.js">
        Programs that plumb run keeps up appear by themselves; others are named under scrape_configs in the file of --config.file.
      </Empty>
    );
  const states: Record<string, number> = {};
  for (const t of all) states[t.health] = (states[t.health] ?? 0) + 1;
  const pools = Map.groupBy(
    all.filter((t) => !choice.without.includes(t.health) && choice.has(t.scrapeUrl, t.lastError, ...Object.entries(t.labels).map(([k, v]) => `${k}="${v}"`))),
    (t) => t.scrapePool,
  );
  return (
    <Stack gap="md">
      <Title order={2}>Targets</Title>
      <Choice choice={choice} states={states} label="Address, label or error" />
      {pools.size === 0 && <Text c="dimmed">None of the {all.length} targets is chosen.</Text>}
      {[...pools].map(([pool, list]) => (
        <Pool key={pool} pool={pool} targets={list} dropped={targets.data.droppedTargetCounts?.[pool] ?? 0} />
      ))}
    </Stack>
  );
}

function Pool({ pool, targets, dropped }: { pool: string; targets: Target[]; dropped: number }) {
  const up = targets.filter((t) => t.health === 'up').length;
  return (
    <Paper withBorder p="sm" component="section" aria-label={pool}>
      <Title order={3} size="h4">
        {pool}{' '}
        <Text span size="sm" c="dimmed">
          {up} of {targets.length} up{dropped ? `, ${dropped} dropped by relabelling` : ''}
        </Text>
      </Title>
      <Table.ScrollContainer minWidth={680}>
        <Table verticalSpacing={5}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Address</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th>Labels</Table.Th>
              <Table.Th ta="right">Last scrape</Table.Th>
              <Table.Th ta="right">Took</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {targets.map((t) => (
              <Table.Tr key={t.scrapeUrl + JSON.stringify(t.labels)}>
                <Table.Td className={classes.mono}>
                  <Anchor href={t.scrapeUrl} target="_blank" rel="noreferrer" inherit>
                    {t.scrapeUrl}
                  </Anchor>
                  {t.lastError && (
                    <Text size="sm" c="red" role="alert">
                      {t.lastError}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <Health state={t.health} />
                </Table.Td>
                <Table.Td>
                  <Labels labels={t.labels} />
                </Table.Td>
                <Table.Td ta="right" title={`every ${t.scrapeInterval}, for ${t.scrapeTimeout} at most`}>
                  <Ago time={t.lastScrape} />
                </Table.Td>
                <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>{(1000 * t.lastScrapeDuration).toFixed(1)} ms</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
