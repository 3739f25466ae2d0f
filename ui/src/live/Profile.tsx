import { Anchor, Paper, Table, Text, Title } from '@mantine/core';
import { useEffect, useMemo } from 'react';
import type { components } from '../api/schema';
import { count, size } from '../parts/size';

interface Props {
  profile: components['schemas']['Profile'];
  name: string;
}

// Profile is what was allocated and is still alive, by the functions that made it.
export function Profile({ profile, name }: Props) {
  const file = useMemo(() => URL.createObjectURL(new Blob([JSON.stringify(profile.file)], { type: 'application/json' })), [profile]);
  useEffect(() => () => URL.revokeObjectURL(file), [file]);
  return (
    <Paper withBorder p="sm" component="section" aria-label="Profile">
      <Title order={3} size="h4">
        Allocated in {profile.seconds} s, and still alive: {size(profile.total)}
      </Title>
      {profile.sites.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing that the program’s own code, or a package’s, has allocated is still alive.
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={420} maxHeight={320}>
          <Table verticalSpacing={3} highlightOnHover stickyHeader>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Function</Table.Th>
                <Table.Th>Where</Table.Th>
                <Table.Th ta="right">Bytes</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {profile.sites.map((s) => (
                <Table.Tr key={s.place + s.function}>
                  <Table.Td>{s.function}</Table.Td>
                  <Table.Td>{s.place}</Table.Td>
                  <Table.Td ta="right" title={`${count(s.bytes)} B`}>
                    {size(s.bytes)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <Text size="sm" c="dimmed">
        Estimates, from one allocation in about 128 kB.{' '}
        <Anchor href={file} download={`${name}.heapprofile`} size="sm" underline="always">
          The profile for DevTools
        </Anchor>
      </Text>
    </Paper>
  );
}
