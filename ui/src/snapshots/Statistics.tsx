import { Group, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answered, client } from '../api/client';
import { size } from '../parts/size';
import { Failed, Waiting } from '../parts/States';
import { NativeContexts } from './NativeContexts';
import type { ViewProps } from './Snapshot';
import classes from './snapshots.module.css';
import { bytes, share } from './words';

// The Statistics perspective: memory by kind.
export function Statistics({ snapshot }: ViewProps) {
  const id = snapshot.id;
  const statistics = useQuery({
    queryKey: ['statistics', id],
    queryFn: () => answered(client.GET('/api/snapshots/{id}/statistics', { params: { path: { id } } })),
    staleTime: Infinity,
  });
  if (statistics.error) return <Failed error={statistics.error} />;
  if (!statistics.data) return <Waiting what="Adding up" />;
  const s = statistics.data;
  // The kinds and colours of DevTools' chart.
  const kinds = [
    { name: 'Code', bytes: s.code, colour: 'var(--mantine-color-orange-5)' },
    { name: 'Strings', bytes: s.strings, colour: 'var(--mantine-color-teal-5)' },
    { name: 'JS arrays', bytes: s.jsArrays, colour: 'var(--mantine-color-yellow-4)' },
    { name: 'Typed arrays', bytes: s.typedArrays, colour: 'var(--mantine-color-blue-5)' },
    { name: 'System objects', bytes: s.system, colour: 'var(--mantine-color-gray-5)' },
    { name: 'Other JS objects', bytes: s.otherJS, colour: 'var(--mantine-color-grape-4)' },
    { name: 'Other non-JS objects (such as HTML and CSS)', bytes: s.otherNonJS, colour: 'var(--mantine-color-pink-4)' },
  ];
  return (
    <div className={classes.scroll}>
      <Group gap="xl" justify="center" p="lg">
        <Donut kinds={kinds} total={s.total} />
        <Stack>
          <Table verticalSpacing={3} w="auto" aria-label="Memory by kind">
            <Table.Tbody>
              {kinds.map((k) => (
                <Table.Tr key={k.name}>
                  <Table.Td>
                    <svg width="12" height="12" aria-hidden>
                      <rect width="12" height="12" rx="2" fill={k.colour} />
                    </svg>
                  </Table.Td>
                  <Table.Td>{k.name}</Table.Td>
                  <Table.Td ta="right" title={bytes(k.bytes)}>
                    {size(k.bytes)}
                  </Table.Td>
                  <Table.Td ta="right">{share(k.bytes, s.total)}</Table.Td>
                </Table.Tr>
              ))}
              <Table.Tr fw={600}>
                <Table.Td />
                <Table.Td>Total</Table.Td>
                <Table.Td ta="right" title={bytes(s.total)}>
                  {size(s.total)}
                </Table.Td>
                <Table.Td />
              </Table.Tr>
            </Table.Tbody>
          </Table>
          <Text size="sm" c="dimmed" maw={360}>
            Shallow sizes. {size(s.v8heap)} of it are on V8’s heap, {size(s.native)} outside.
          </Text>
          <NativeContexts snapshot={snapshot} />
        </Stack>
      </Group>
    </div>
  );
}

function Donut({ kinds, total }: { kinds: { name: string; bytes: number; colour: string }[]; total: number }) {
  const around = 2 * Math.PI * 70;
  let from = 0;
  return (
    <svg width="220" height="220" viewBox="0 0 200 200" role="img" aria-label={kinds.map((k) => `${k.name} ${share(k.bytes, total)}`).join(', ')}>
      {kinds.map((k) => {
        const part = total > 0 ? Math.max(0, k.bytes / total) : 0;
        const start = from;
        from += part;
        return (
          <circle key={k.name} className={classes.ring} cx="100" cy="100" r="70" fill="none" stroke={k.colour} strokeWidth="34" strokeDasharray={`${part * around} ${around}`} transform={`rotate(${start * 360 - 90} 100 100)`}>
            <title>{`${k.name}: ${size(k.bytes)}`}</title>
          </circle>
        );
      })}
      <text x="100" y="106" textAnchor="middle" fontSize="18" fontWeight="600" fill="var(--mantine-color-text)">
        {size(total)}
      </text>
    </svg>
  );
}
