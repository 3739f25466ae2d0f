import { Anchor, Paper, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { answered, client } from '../api/client';
import type { components } from '../api/schema';
import { Failed, Waiting } from '../parts/States';
import { side, type Row } from './sides';

type One = components['schemas']['One'];

// Compared is a finding beside an older one: what both say, and what differs.
export function Compared({ one, with: id }: { one: One; with: string }) {
  const other = useQuery({ queryKey: ['reports', id], queryFn: () => answered(client.GET('/api/reports/{id}', { params: { path: { id } } })), staleTime: Infinity });
  if (other.error) return <Failed error={other.error} />;
  if (!other.data) return <Waiting what="Reading the other finding" />;
  const [before, after] = other.data.time < one.time ? [other.data, one] : [one, other.data];
  const rows = side(before.document?.blocks ?? [], after.document?.blocks ?? []);
  return (
    <Paper withBorder p="sm" component="section" aria-label="Compared">
      <Title order={3} size="h4" mb={4}>
        Compared
      </Title>
      <Table.ScrollContainer minWidth={560}>
        <Table verticalSpacing={4} fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th />
              {[before, after].map((f) => (
                <Table.Th key={f.id}>
                  <Anchor component={Link} to={`/findings/${encodeURIComponent(f.id)}`} size="sm">
                    {new Date(f.time).toLocaleString()}
                  </Anchor>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Facts key={row.heading + row.name} row={row} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="sm" c="dimmed">
        What differs is bold.
      </Text>
    </Paper>
  );
}

function Facts({ row }: { row: Row }) {
  const weight = row.before === row.after ? 400 : 700;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400} c="dimmed">
        {row.name}
      </Table.Th>
      <Table.Td fw={weight}>{row.before ?? '–'}</Table.Td>
      <Table.Td fw={weight}>{row.after ?? '–'}</Table.Td>
    </Table.Tr>
  );
}
