import { ActionIcon, Button, CloseButton, Group, Text, Tooltip } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import { answered, client } from '../api/client';
import { Grid, type Column } from '../parts/Grid';
import { sizes } from './columns';
import { Edge } from './Containment';
import { useView } from './shelf';
import type { ViewProps } from './Snapshot';
import classes from './snapshots.module.css';
import { distance, type Reference } from './words';

interface Props extends Pick<ViewProps, 'snapshot' | 'enter'> {
  object: string;
  close?: () => void;
}

const unreachable = 200_000_000;

// The Retainers perspective of an object: what keeps it alive, nearest to the roots
// first, opened up to a root. A retainer can be ignored, to see what else there is.
export function Retainers({ snapshot, object, close, enter }: Props) {
  const { get, set } = useView();
  const id = snapshot.id;
  const ignored = get('ignore')?.split(',') ?? [];
  const columns: Column<Reference>[] = [
    {
      key: 'edge',
      title: 'Object',
      cell: (r) => (
        <>
          <Edge row={r} word="in" />
          {r.cycle && <span className={classes.id}> (cycle)</span>}
        </>
      ),
    },
    ...sizes<Reference>(snapshot.total ?? 0, false),
  ];
  columns[1] = { ...columns[1]!, cell: (r) => (r.ignored ? 'ignored' : distance(r.distance)) };
  return (
    <>
      <Group justify="space-between" mb={4}>
        <Text size="sm" fw={600} component="h3" m={0}>
          Retainers of @{object}
        </Text>
        <Group gap="xs">
          {ignored.length > 0 && (
            <Button size="compact-xs" variant="default" onClick={() => set({ ignore: undefined }, true)}>
              Show {ignored.length} ignored again
            </Button>
          )}
          <Button size="compact-xs" variant="default" onClick={() => enter(object)}>
            Object
          </Button>
          {close && <CloseButton size="sm" onClick={close} aria-label="Close retainers" />}
        </Group>
      </Group>
      <div>
        <Grid<Reference>
          label="Retainers"
          what={['retainer', 'retainers']}
          columns={columns}
          of={[id, object, ignored]}
          fetch={(above, w) =>
            answered(
              client.GET('/api/snapshots/{id}/objects/{object}/retainers', {
                params: { path: { id, object: above.length ? `#${above[above.length - 1]!.node}` : object }, query: { ...w, ignore: ignored, above: above.map((r) => `#${r.node}`) } },
              }),
            )
          }
          expandable={(r) => !r.cycle}
          unfold={(r, depth) => depth < 20 && !r.cycle && r.distance > 1 && r.distance < unreachable}
          id={(r) => String(r.id)}
          enter={(r) => enter(r.id)}
          empty="Nothing retains it."
          menu={(r) => (
            <Tooltip label="Ignore this retainer">
              <ActionIcon
                size={18}
                variant="subtle"
                color="gray"
                ml={6}
                tabIndex={-1}
                aria-label={`Ignore ${r.label}`}
                onClick={(e) => {
                  e.stopPropagation();
                  set({ ignore: [...ignored, String(r.id)].join(',') }, true);
                }}
              >
                <IconEyeOff size={13} />
              </ActionIcon>
            </Tooltip>
          )}
        />
      </div>
    </>
  );
}
