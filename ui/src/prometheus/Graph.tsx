import { Button, Group, Stack, Title } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useRef } from 'react';
import { useSearchParams } from 'react-router';
import { PanelView } from './PanelView';
import { fresh, read, write, type Panel } from './panels';

// Expressions, each with its answer as a table or over time. All of it is in the address.
export default function Graph() {
  const [query, setQuery] = useSearchParams();
  const panels = read(query);
  const box = useRef<HTMLDivElement>(null);
  const set = (list: Panel[]) => setQuery(write(list));
  useHotkeys([['/', () => box.current?.querySelector<HTMLElement>('.cm-content')?.focus()]]);
  return (
    <Stack gap="md" ref={box}>
      <Group justify="space-between">
        <Title order={2}>Graph</Title>
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => set([...panels, fresh])}>
          Add a panel
        </Button>
      </Group>
      {panels.map((panel, i) => (
        <PanelView
          key={i}
          panel={panel}
          name={panels.length > 1 ? `Expression ${i + 1}` : 'Expression'}
          onChange={(changed) => set(panels.map((p, n) => (n === i ? changed : p)))}
          onRemove={panels.length > 1 ? () => set(panels.filter((_, n) => n !== i)) : undefined}
        />
      ))}
    </Stack>
  );
}
