import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from 'react-router';
import { answered, client } from '../api/client';
import { CopyMarkdown } from '../findings/CopyMarkdown';
import { DocumentOf } from '../findings/Document';
import { size } from '../parts/size';
import { Failed, Waiting } from '../parts/States';

// A leak of the fleet, with its newest diagnosis and the snapshots that show it.
export default function Finding() {
  const { fingerprint = '' } = useParams();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const finding = useQuery({ queryKey: ['fleet', 'findings', fingerprint], queryFn: () => answered(client.GET('/api/fleet/findings/{fingerprint}', { params: { path: { fingerprint } } })), staleTime: 10_000 });
  const open = useMutation({
    mutationFn: (number: number) => answered(client.POST('/api/fleet/findings/{fingerprint}/snapshots/{number}', { params: { path: { fingerprint, number } } })),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['snapshots'] });
      void navigate(`/snapshots/${id}/summary`);
    },
  });
  if (finding.error) return <Failed error={finding.error} />;
  if (!finding.data) return <Waiting what="Asking the hub" />;
  const f = finding.data;
  const snapshots = (
    <>
      {f.snapshots && f.snapshots.length > 0 && (
        <Group gap="xs" role="group" aria-label="Snapshots">
          <Text size="sm">Its snapshots:</Text>
          {f.snapshots.map((s, i) => (
            <Button key={s.hash} size="compact-xs" variant="default" disabled={f.sealed || open.isPending} loading={open.isPending && open.variables === i} onClick={() => open.mutate(i)} title={f.sealed ? 'They are encrypted: decrypt them with age' : s.hash}>
              {new Date(s.taken).toLocaleString()}, {size(s.raw)}
            </Button>
          ))}
        </Group>
      )}
      {open.error && <Failed error={open.error} />}
    </>
  );
  return (
    <Stack gap="md" maw={980}>
      <Anchor component={Link} to="/fleet/findings" size="sm">
        Leaks
      </Anchor>
      {f.document ? (
        <DocumentOf
          document={f.document}
          about={
            <>
              <Text size="sm" c="dimmed">
                {f.app}: {f.stands}
              </Text>
              <CopyMarkdown text={f.markdown} />
            </>
          }
          below={snapshots}
        />
      ) : (
        <>
          <Title order={2}>{f.line}</Title>
          <Text c="dimmed">Its newest diagnosis is not kept any more.</Text>
        </>
      )}
    </Stack>
  );
}
