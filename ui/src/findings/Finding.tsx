import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearchParams } from 'react-router';
import { answered, client } from '../api/client';
import { Failed, Waiting } from '../parts/States';
import { Compared } from './Compared';
import { CopyMarkdown } from './CopyMarkdown';
import { DocumentOf } from './Document';
import { State } from './State';

// A finding: the verdict first, then the evidence.
export default function Finding() {
  const { id = '' } = useParams();
  const other = useSearchParams()[0].get('with');
  const finding = useQuery({ queryKey: ['reports', id], queryFn: () => answered(client.GET('/api/reports/{id}', { params: { path: { id } } })), staleTime: Infinity });
  const others = useQuery({ queryKey: ['reports'], queryFn: () => answered(client.GET('/api/reports')) });
  if (finding.error) return <Failed error={finding.error} />;
  if (!finding.data) return <Waiting what="Reading the finding" />;
  const f = finding.data;
  const again = (others.data?.findings ?? []).filter((o) => o.id !== f.id && o.fingerprints.some((p) => f.fingerprints.includes(p)));
  const before = again.length > 0 && (
    <Text size="sm">
      Found before:{' '}
      {again.map((o, i) => (
        <span key={o.id}>
          {i > 0 && ', '}
          <Anchor component={Link} to={`/findings/${encodeURIComponent(o.id)}`} size="sm" underline="always">
            {o.app}, {new Date(o.time).toLocaleString()}
          </Anchor>{' '}
          (
          <Anchor component={Link} to={`?with=${encodeURIComponent(o.id)}`} size="sm" underline="always">
            compare
          </Anchor>
          )
        </span>
      ))}
    </Text>
  );
  const about = (
    <>
      <Text size="sm" c="dimmed">
        {f.app}, {new Date(f.time).toLocaleString()}
      </Text>
      <CopyMarkdown text={f.markdown} />
    </>
  );
  return (
    <Stack gap="md" maw={980}>
      <Anchor component={Link} to="/findings" size="sm">
        Findings
      </Anchor>
      {f.document ? (
        <DocumentOf
          document={f.document}
          about={about}
          below={
            <>
              {before}
              {other && <Compared one={f} with={other} />}
            </>
          }
        />
      ) : (
        <>
          <Group gap="sm">
            <State state={f.state} />
            {about}
          </Group>
          <Title order={2}>{f.what}</Title>
        </>
      )}
    </Stack>
  );
}
