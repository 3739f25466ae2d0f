import { Table, Text } from '@mantine/core';
import type { Result, Series } from './api';
import classes from './prometheus.module.css';
import { series, several } from './words';

// shown is how many rows a page can have before it is slow.
const shown = 1000;

// Answer is an expression's value at one time.
export function Answer({ result }: { result: Result }) {
  if (!several(result)) return <Text className={classes.mono}>{result.result[1]}</Text>;
  const rows = result.result;
  if (rows.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No series match at that time.
      </Text>
    );
  return (
    <>
      <Table.ScrollContainer minWidth={420} maxHeight={560}>
        <Table verticalSpacing={3} highlightOnHover stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Series</Table.Th>
              <Table.Th ta="right">Value</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.slice(0, shown).map((s) => (
              <Table.Tr key={series(s.metric)}>
                <Table.Td className={classes.mono}>{series(s.metric)}</Table.Td>
                <Table.Td className={classes.mono} ta="right" style={{ whiteSpace: 'pre-line' }}>
                  {value(s)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {rows.length > shown && (
        <Text size="sm" c="dimmed">
          The first {shown.toLocaleString('en-US')} of {rows.length.toLocaleString('en-US')} are shown: topk(20, …) or a label narrows them.
        </Text>
      )}
    </>
  );
}

// value is a sample, all of those of a range, or a histogram's two figures.
function value(s: Series): string {
  if (s.value) return s.value[1];
  if (s.values) return s.values.map(([t, v]) => `${v} @${t}`).join('\n');
  const histogram = s.histogram?.[1] ?? s.histograms?.at(-1)?.[1];
  return histogram ? `count ${histogram.count}, sum ${histogram.sum}` : '';
}
