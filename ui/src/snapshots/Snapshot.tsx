import { Group, Tabs, Text, TextInput, Title } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { count, size } from '../parts/size';
import { Empty } from '../parts/States';
import { Allocations } from './Allocations';
import { Comparison } from './Comparison';
import { Containment } from './Containment';
import { Dominators } from './Dominators';
import { MergedPaths } from './MergedPaths';
import { Opened } from './Opened';
import { Query } from './Query';
import { Retainers } from './Retainers';
import { useView } from './shelf';
import classes from './snapshots.module.css';
import { Statistics } from './Statistics';
import { Strings } from './Strings';
import { Summary } from './Summary';
import { bytes, type Snapshot as Shown } from './words';

export interface ViewProps {
  snapshot: Shown;
  all: Shown[];
  // An object that is chosen has its retainers below.
  selected?: string;
  select: (id: number | string) => void;
  enter: (id: number | string) => void;
}

const views: { name: string; label: string; view: (props: ViewProps) => React.ReactNode; alone?: boolean; needs?: (s: Shown, all: Shown[]) => boolean }[] = [
  { name: 'summary', label: 'Summary', view: Summary },
  { name: 'comparison', label: 'Comparison', view: Comparison, needs: (_, all) => all.length > 1 },
  { name: 'containment', label: 'Containment', view: Containment },
  { name: 'dominators', label: 'Dominators', view: Dominators },
  { name: 'statistics', label: 'Statistics', view: Statistics, alone: true },
  { name: 'strings', label: 'Duplicate strings', view: Strings },
  { name: 'allocations', label: 'Allocations', view: Allocations, alone: true, needs: (s) => !!s.traced },
  { name: 'query', label: 'Query', view: Query },
  { name: 'paths', label: 'Merged paths', view: MergedPaths, needs: () => false },
];

// A snapshot: the perspectives of DevTools as tabs, the retainers of what is chosen
// below them.
export default function Snapshot() {
  const { id = '', view = 'summary' } = useParams();
  return <Opened id={id}>{(snapshot, all) => <Perspectives key={id} snapshot={snapshot} all={all} view={view} />}</Opened>;
}

function Perspectives({ snapshot, all, view }: { snapshot: Shown; all: Shown[]; view: string }) {
  const navigate = useNavigate();
  const { get, set } = useView();
  const [question, setQuestion] = useState(get('q') ?? '');
  const box = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => box.current?.focus()]]);
  const selected = get('object');
  const here = views.find((v) => v.name === view);
  const tabs = views.filter((v) => v.name === view || (v.name !== 'query' && (v.needs?.(snapshot, all) ?? true)));
  const props: ViewProps = {
    snapshot,
    all,
    selected,
    select: (object) => set({ object: String(object) }, true),
    enter: (object) => navigate(`/snapshots/${snapshot.id}/objects/${encodeURIComponent(String(object))}`),
  };
  const View = here?.view;
  return (
    <div className={classes.page}>
      <Group justify="space-between" gap="xs">
        <Group gap="sm" align="baseline">
          <Title order={2} size="h4">
            {snapshot.name}
          </Title>
          <Text size="sm" c="dimmed" title={bytes(snapshot.total ?? 0)}>
            {size(snapshot.total ?? 0)}, {count(snapshot.nodes ?? 0)} nodes
          </Text>
        </Group>
        <form
          onSubmit={(e) => {
            e.preventDefault();
            if (question.trim()) navigate(`/snapshots/${snapshot.id}/query?q=${encodeURIComponent(question)}`);
          }}
        >
          <TextInput
            ref={box}
            size="xs"
            w={300}
            leftSection={<IconSearch size={14} />}
            placeholder="class:Map retained>1MB"
            aria-label="Query"
            title="class:Map retained>1MB shallow<100kB id:123 name~^cache path:sessions type:string distance<5 detached, and words"
            value={question}
            onChange={(e) => setQuestion(e.currentTarget.value)}
            onKeyDown={(e) => e.key === 'Escape' && box.current?.blur()}
          />
        </form>
      </Group>
      {snapshot.notes?.map((note) => (
        <Text key={note} size="sm" c="orange.9">
          {note}
        </Text>
      ))}
      <Tabs value={view} onChange={(to) => to && navigate(`/snapshots/${snapshot.id}/${to}`)}>
        <Tabs.List aria-label="Perspectives">
          {tabs.map((v) => (
            <Tabs.Tab key={v.name} value={v.name} py={6}>
              {v.label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {!View && <Empty title="There is no such perspective">Choose one of the tabs.</Empty>}
      {View && (
        <div className={classes.upper}>
          <View key={view} {...props} />
        </div>
      )}
      {View && !here.alone && selected && (
        <div className={classes.lower}>
          <Retainers {...props} object={selected} close={() => set({ object: undefined, ignore: undefined }, true)} />
        </div>
      )}
    </div>
  );
}
