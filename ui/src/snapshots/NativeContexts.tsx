import { Anchor, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { answered, client } from '../api/client';
import { size } from '../parts/size';
import { Failed } from '../parts/States';
import type { ViewProps } from './Snapshot';
import { bytes, share } from './words';

// Memory by native context: a page, a frame, a context of node:vm. Where there is one
// alone, it has everything.
export function NativeContexts({ snapshot }: Pick<ViewProps, 'snapshot'>) {
  const id = snapshot.id;
  const contexts = useQuery({ queryKey: ['contexts', id], queryFn: () => answered(client.GET('/api/snapshots/{id}/contexts', { params: { path: { id } } })), staleTime: Infinity });
  if (contexts.error) return <Failed error={contexts.error} />;
  const all = contexts.data;
  if (!all || all.contexts.length < 2) return null;
  const rows: [string, number, string?][] = [
    ...all.contexts.map((c): [string, number, string] => [`${c.label} @${c.id}`, c.size, `/snapshots/${id}/objects/${c.id}`]),
    ['Shared by several', all.shared],
    ['Of none', all.none],
  ];
  return (
    <section aria-label="Native contexts">
      <Title order={3} size="h5">
        Native contexts
      </Title>
      <Text size="sm" c="dimmed">
        What each alone keeps. Summary shows the objects of one: its filter has them.
      </Text>
      <Table verticalSpacing={3} w="auto">
        <Table.Tbody>
          {rows.map(([name, n, to]) => (
            <Table.Tr key={name}>
              <Table.Td>
                {to ? (
                  <Anchor component={Link} to={to} size="sm">
                    {name}
                  </Anchor>
                ) : (
                  name
                )}
              </Table.Td>
              <Table.Td ta="right" title={bytes(n)}>
                {size(n)}
              </Table.Td>
              <Table.Td ta="right">{share(n, snapshot.total ?? 0)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
