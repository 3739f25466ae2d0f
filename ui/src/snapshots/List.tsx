import { ActionIcon, Anchor, Badge, Button, Checkbox, Group, Progress, Stack, Table, Text, Title, Tooltip } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconShieldDown, IconTrash, IconUpload } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { answered, client, Failure } from '../api/client';
import { bytes } from './words';
import { size } from '../parts/size';
import { Failed, Waiting } from '../parts/States';
import { useShelf } from './shelf';

// The snapshots that are there; files can be dropped among them.
export default function List() {
  const shelf = useShelf();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<string[]>([]);
  const [sending, setSending] = useState<{ name: string; sent: number }[]>([]);
  const [failure, setFailure] = useState<Error>();
  const again = () => queries.invalidateQueries({ queryKey: ['snapshots'] });

  const drop = async (files: File[]) => {
    setFailure(undefined);
    for (const f of files) {
      setSending((all) => [...all, { name: f.name, sent: 0 }]);
      try {
        const { id } = (await known(f)) ?? (await upload(f, (sent) => setSending((all) => all.map((s) => (s.name === f.name ? { ...s, sent } : s)))));
        if (files.length === 1) navigate(`/snapshots/${id}/summary`);
      } catch (e) {
        setFailure(e as Error);
      }
      setSending((all) => all.filter((s) => s.name !== f.name));
      await again();
    }
  };
  const forget = async (id: string) => {
    try {
      await answered(client.DELETE('/api/snapshots/{id}', { params: { path: { id } } }));
    } catch (e) {
      setFailure(e as Error);
    }
    setChosen((all) => all.filter((c) => c !== id));
    await again();
  };

  if (shelf.error) return <Failed error={shelf.error} />;
  if (!shelf.data) return <Waiting what="Looking for snapshots" />;
  const all = shelf.data.snapshots;
  const picked = all.filter((s) => chosen.includes(s.id));
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Title order={2}>Snapshots</Title>
        <Group gap="xs">
          <Button variant="default" size="xs" disabled={picked.length !== 2} onClick={() => navigate(`/snapshots/${picked[1]!.id}/comparison?base=${picked[0]!.id}`)}>
            Compare two
          </Button>
          <Button variant="default" size="xs" disabled={picked.length < 2} onClick={() => navigate(`/snapshots/growth?snapshots=${picked.map((s) => s.id).join(',')}`)}>
            Growth
          </Button>
        </Group>
      </Group>
      <Dropzone onDrop={(files) => void drop(files)} inputProps={{ 'aria-label': 'Snapshot files' }} p="sm">
        <Group gap="sm" justify="center" mih={52} style={{ pointerEvents: 'none' }}>
          <IconUpload size={20} />
          <Text size="sm">Drop .heapsnapshot files here, also .gz and .zst, or click to choose</Text>
        </Group>
      </Dropzone>
      {sending.map((s) => (
        <Group key={s.name} gap="sm">
          <Text size="sm">{s.name}</Text>
          <Progress value={s.sent * 100} flex={1} aria-label={`Sending ${s.name}`} />
        </Group>
      ))}
      {failure && <Failed error={failure} />}
      {all.length === 0 ? (
        <Text c="dimmed" ta="center">
          There is none yet. <code>plumb snapshot PID</code> takes one of a running program; it appears here when it is in a folder that this plumb looks into.
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={560}>
          <Table verticalSpacing={4} highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={36} />
                <Table.Th>File</Table.Th>
                <Table.Th ta="right">Size</Table.Th>
                <Table.Th ta="right">Heap</Table.Th>
                <Table.Th>Written</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th w={70} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {all.map((s) => (
                <Table.Tr key={s.id}>
                  <Table.Td>
                    <Checkbox size="xs" aria-label={`Choose ${s.name}`} checked={chosen.includes(s.id)} onChange={(e) => setChosen(e.currentTarget.checked ? [...chosen, s.id] : chosen.filter((c) => c !== s.id))} />
                  </Table.Td>
                  <Table.Td>
                    <Anchor component={Link} to={`/snapshots/${s.id}/summary`}>
                      {s.name}
                    </Anchor>
                  </Table.Td>
                  <Table.Td ta="right" title={bytes(s.bytes)}>
                    {size(s.bytes)}
                  </Table.Td>
                  <Table.Td ta="right" title={s.total === undefined ? undefined : bytes(s.total)}>
                    {s.total === undefined ? '' : size(s.total)}
                  </Table.Td>
                  <Table.Td>{new Date(s.taken).toLocaleString()}</Table.Td>
                  <Table.Td>
                    {s.state === 'opening' && <Progress value={(s.done ?? 0) * 100} aria-label={`Opening ${s.name}: ${s.phase ?? ''}`} />}
                    {s.state === 'failed' && (
                      <Tooltip label={s.why?.detail} multiline maw={400}>
                        <Badge color="red" variant="outline">
                          cannot be read
                        </Badge>
                      </Tooltip>
                    )}
                    {s.state === 'ready' && <Text size="sm">open</Text>}
                  </Table.Td>
                  <Table.Td>
                    <Group gap={2} wrap="nowrap" justify="end">
                      <Tooltip label="Without what its strings say: the same objects, sizes and names">
                        <ActionIcon component="a" href={`/api/snapshots/${s.id}/redacted`} download variant="subtle" color="gray" aria-label={`Download ${s.name} redacted`}>
                          <IconShieldDown size={16} />
                        </ActionIcon>
                      </Tooltip>
                      {s.source === 'upload' && (
                        <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${s.name}`} onClick={() => void forget(s.id)}>
                          <IconTrash size={16} />
                        </ActionIcon>
                      )}
                    </Group>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  );
}

// known is the snapshot of a file that lies where plumb can see it: of a large one a
// sample is enough to tell, and nothing else is sent.
async function known(f: File): Promise<{ id: string } | undefined> {
  if (f.size === 0) return undefined;
  const places = 64;
  const each = 4096;
  const piece = (i: number) => {
    const at = Math.floor((i * (f.size - each)) / (places - 1));
    return f.slice(at, at + each);
  };
  const sample = f.size <= places * each ? f : new Blob(Array.from({ length: places }, (_, i) => piece(i)));
  const query = { name: f.name, bytes: f.size, modified: f.lastModified };
  const { snapshot } = await answered(client.POST('/api/snapshots/known', { params: { query }, body: sample as never, bodySerializer: (b) => b, headers: { 'Content-Type': 'application/octet-stream' } }));
  return snapshot;
}

// upload sends a file as it is: the browser reads it while it is sent, so that a
// gigabyte is never in the page's memory. XMLHttpRequest tells how far it is, which
// fetch does not.
function upload(f: File, progress: (sent: number) => void): Promise<{ id: string }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/snapshots?name=${encodeURIComponent(f.name)}`);
    request.responseType = 'json';
    request.upload.onprogress = (e) => progress(e.loaded / e.total);
    request.onload = () => {
      const body = request.response as { id: string; detail?: string; hint?: string } | null;
      if (request.status === 200 && body) resolve(body);
      else reject(new Failure(body?.detail ?? `the upload failed: ${request.statusText}`, body?.hint, request.status));
    };
    request.onerror = () => reject(new Failure('the upload was cut off', 'is plumb still running?'));
    request.send(f);
  });
}
