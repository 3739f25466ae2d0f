import { Anchor, Badge, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answered, client } from '../api/client';
import { count, size } from '../parts/size';
import { Failed, Waiting } from '../parts/States';
import { useView } from './shelf';
import type { ViewProps } from './Snapshot';
import classes from './snapshots.module.css';

// The ways on which all objects of a class are kept alive, those that are alike as one.
export function MergedPaths({ snapshot, select }: ViewProps) {
  const { get } = useView();
  const id = snapshot.id;
  const key = get('key') ?? '';
  const objects = get('objects') ?? '';
  const merged = useQuery({
    queryKey: ['merged', id, key, objects],
    queryFn: () => answered(client.GET('/api/snapshots/{id}/paths', { params: { path: { id }, query: { key, objects } } })),
    staleTime: Infinity,
  });
  if (merged.error) return <Failed error={merged.error} />;
  if (!merged.data) return <Waiting what="Following the retainers of each object" />;
  const { paths, looked } = merged.data;
  return (
    <div className={classes.scroll}>
      <Text size="sm" mb="xs">
        {count(merged.data.objects)} objects of {get('name') ?? key} are kept alive in {count(paths.length)} {paths.length === 1 ? 'way' : 'ways'}
        {looked < merged.data.objects && `, by ${count(looked)} of them, evenly chosen`}.
      </Text>
      <Stack gap="sm">
        {paths.map((p, i) => (
          <section key={i} aria-label={`Way ${i + 1}`}>
            <Group gap="xs">
              <Badge variant="outline">{count(p.objects)} {p.objects === 1 ? 'object' : 'objects'}</Badge>
              <Text size="sm">{size(p.retained)} retained</Text>
              <Anchor component="button" size="sm" onClick={() => select(p.example)}>
                one of them: @{p.example}
              </Anchor>
            </Group>
            <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
              {p.steps.map((s, j) => (
                <span key={j}>
                  {s.class} <span className={classes.edge}>{s.edge === '[]' ? '[]' : `.${s.edge}`}</span> →{' '}
                </span>
              ))}
              {get('name') ?? key}
            </Text>
          </section>
        ))}
      </Stack>
    </div>
  );
}
