import { Progress, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Failure } from '../api/client';
import { count, size } from '../parts/size';
import { Empty, Failed, Waiting } from '../parts/States';
import { useOpen } from './shelf';
import type { Snapshot } from './words';

// Opened shows something of a snapshot, once it is open, and until then how far it is.
export function Opened({ id, children }: { id: string; children: (snapshot: Snapshot, all: Snapshot[]) => ReactNode }) {
  const { shelf, snapshot } = useOpen(id);
  if (shelf.error) return <Failed error={shelf.error} />;
  if (!shelf.data) return <Waiting what="Looking for snapshots" />;
  if (!snapshot) return <Empty title="This snapshot is not here">It may have been an upload to a plumb that has ended, or its file is gone.</Empty>;
  if (snapshot.state === 'failed') return <Failed error={new Failure(snapshot.why?.detail ?? 'it could not be opened', snapshot.why?.hint)} />;
  if (snapshot.state !== 'ready') return <OpeningOf snapshot={snapshot} />;
  return <>{children(snapshot, shelf.data.snapshots)}</>;
}

function OpeningOf({ snapshot }: { snapshot: Snapshot }) {
  return (
    <Stack maw={480} mx="auto" mt="xl" gap="xs" role="status">
      <Text>
        Opening {snapshot.name}, {size(snapshot.bytes)}
      </Text>
      <Progress value={(snapshot.done ?? 0) * 100} aria-label="Opening" />
      <Text size="sm" c="dimmed">
        {snapshot.phase ?? 'waiting'} {snapshot.done ? `${count(Math.round(snapshot.done * 100))} %` : ''}
      </Text>
    </Stack>
  );
}
