import { ActionIcon, Group, Kbd, NumberInput, SegmentedControl, Select, Stack as Column, Text, Title, Tooltip } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconChevronLeft, IconChevronRight, IconChevronsLeft, IconChevronsRight, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useParams, useSearchParams } from 'react-router';
import { answered, client } from '../api/client';
import { size } from '../parts/size';
import { Empty, Failed, Waiting } from '../parts/States';
import { Code } from './Code';
import { Collector } from './Collector';
import { Facts, Life, Watch } from './Facts';
import { Heap } from './Heap';
import classes from './lab.module.css';
import { Stack } from './Stack';
import { Timeline } from './Timeline';
import { tones } from './tone';
import type { Replay } from './words';

// A recorded run, step by step in both directions.
export default function Player() {
  const { id = '' } = useParams();
  const replay = useQuery({
    queryKey: ['lab', id],
    queryFn: () => answered(client.GET('/api/lab/recordings/{id}', { params: { path: { id } } })),
    staleTime: Infinity,
  });
  if (replay.error) return <Failed error={replay.error} />;
  if (!replay.data) return <Waiting what="Reading the recording" />;
  if (replay.data.steps.length === 0) return <Empty title="The recording has no steps">The program ended before its first line.</Empty>;
  return <Playing key={id} id={id} replay={replay.data} />;
}

const speeds = [
  { label: 'slow', value: '1500' },
  { label: 'one a second', value: '1000' },
  { label: 'two a second', value: '500' },
  { label: 'ten a second', value: '100' },
  { label: 'as fast as it goes', value: '20' },
];

function Playing({ id, replay }: { id: string; replay: Replay }) {
  const [query, setQuery] = useSearchParams();
  const last = replay.steps.length;
  const n = Math.min(last, Math.max(1, Number(query.get('step')) || 1));
  const v8 = query.get('picture') === 'v8';
  const selected = Number(query.get('object')) || undefined;
  const watched = query.get('watch') ?? undefined;
  const cut = query.get('cut') ?? undefined;
  const marking = query.get('wave') !== null;
  const wave = Number(query.get('wave')) || 0;
  const [playing, setPlaying] = useState(false);
  const [pause, setPause] = useState('500');

  // What is not named stays as it is. A step is no entry in the history of its own:
  // back leads out of the recording, not through it.
  const set = (changes: Record<string, string | number | undefined>, replace = true) =>
    setQuery(
      (before) => {
        const after = new URLSearchParams(before);
        for (const [name, value] of Object.entries(changes)) {
          if (value === undefined) after.delete(name);
          else after.set(name, String(value));
        }
        return after;
      },
      { replace },
    );
  // Keys may come faster than steps are drawn: each counts from where the last one led.
  const target = useRef(n);
  const go = (to: number) => {
    target.current = Math.min(last, Math.max(1, to));
    set({ step: target.current, cut: undefined, wave: marking ? 0 : undefined });
  };
  const select = (object: number | undefined) => set({ object, watch: undefined });

  const stop = useStep(id, n, last);
  // To place the heap's boxes takes longer than the rest: it follows when there is time.
  const heap = useDeferredValue(stop.data);
  const result = useQuery({
    queryKey: ['lab', id, n, 'collectors', cut ?? ''],
    queryFn: () => answered(client.GET('/api/lab/recordings/{id}/steps/{n}/collectors', { params: { path: { id, n }, query: { cut } } })),
    enabled: marking || cut !== undefined,
    staleTime: Infinity,
  });

  const colours = useMemo(() => (marking && result.data ? tones(result.data, wave) : undefined), [marking, result.data, wave]);
  // The heap is drawn again when what it shows has changed, not when its clicks would.
  const latest = useRef({ select, set });
  latest.current = { select, set };
  const acts = useMemo(
    () => ({
      select: (object: number | undefined) => latest.current.select(object),
      setCut: (name: string | undefined) => latest.current.set({ cut: name, wave: 0 }),
    }),
    [],
  );

  useEffect(() => {
    if (!playing || stop.isPlaceholderData) return;
    if (n >= last) {
      setPlaying(false);
      return;
    }
    const timer = setTimeout(() => go(n + 1), Number(pause));
    return () => clearTimeout(timer);
  });
  useHotkeys([
    ['ArrowRight', () => go(target.current + 1)],
    ['ArrowLeft', () => go(target.current - 1)],
    ['Home', () => go(1)],
    ['End', () => go(last)],
    ['p', () => setPlaying((p) => !p)],
    ['v', () => set({ picture: v8 ? undefined : 'v8' })],
    ['Escape', () => set({ object: undefined, watch: undefined, cut: undefined, wave: undefined })],
  ]);

  const beat = replay.steps[n - 1]!;
  const file = replay.files[beat.file];
  const buttons = [
    { label: 'First step', icon: IconChevronsLeft, to: 1, off: n === 1 },
    { label: 'Step back', icon: IconChevronLeft, to: n - 1, off: n === 1 },
    { label: 'Step forward', icon: IconChevronRight, to: n + 1, off: n === last },
    { label: 'Last step', icon: IconChevronsRight, to: last, off: n === last },
  ];
  return (
    <Column gap="sm">
      <Group justify="space-between" align="end">
        <div>
          <Title order={2}>{replay.program}</Title>
          <Text size="sm" c="dimmed">
            Ran on Node.js {replay.node.replace(/^v/, '')}: {last} steps. {ending(replay)}
            {replay.workers ? ` ${replay.workers} worker threads ran beside it and are not shown.` : ''}
          </Text>
        </div>
        <SegmentedControl
          size="xs"
          aria-label="Picture"
          value={v8 ? 'v8' : 'textbook'}
          onChange={(p) => set({ picture: p === 'v8' ? 'v8' : undefined })}
          data={[
            { label: 'Textbook', value: 'textbook' },
            { label: 'V8', value: 'v8' },
          ]}
        />
      </Group>
      <Group gap="xs" role="toolbar" aria-label="Steps">
        {buttons.map(({ label, icon: Icon, to, off }) => (
          <Tooltip key={label} label={label}>
            <ActionIcon variant="default" aria-label={label} disabled={off} onClick={() => go(to)}>
              <Icon size={18} />
            </ActionIcon>
          </Tooltip>
        ))}
        <Tooltip label={playing ? 'Pause (p)' : 'Play (p)'}>
          <ActionIcon variant="default" aria-label={playing ? 'Pause' : 'Play'} onClick={() => setPlaying(!playing)}>
            {playing ? <IconPlayerPause size={18} /> : <IconPlayerPlay size={18} />}
          </ActionIcon>
        </Tooltip>
        <NumberInput size="xs" w={76} aria-label="Step" min={1} max={last} value={n} onChange={(to) => go(Number(to))} allowDecimal={false} clampBehavior="strict" />
        <Text size="sm">of {last}</Text>
        <Select size="xs" w={150} aria-label="Speed" data={speeds} value={pause} onChange={(v) => v && setPause(v)} allowDeselect={false} />
        <Text size="xs" c="dimmed" visibleFrom="sm">
          <Kbd size="xs">←</Kbd> <Kbd size="xs">→</Kbd> step, <Kbd size="xs">v</Kbd> picture
        </Text>
      </Group>
      <Timeline replay={replay} step={n} go={go} />
      {stop.error && <Failed error={stop.error} />}
      {stop.data && (
        <>
          {stop.data.difference && (
            <Text size="sm">
              <b>Textbook and V8:</b> {stop.data.difference}
            </Text>
          )}
          <div className={classes.panes}>
            <Code name={file?.name ?? ''} source={file?.source ?? ''} line={beat.line} />
            <Stack stop={stop.data} v8={v8} select={select} watch={(name) => set({ watch: name, object: undefined })} />
            <section className={classes.pane} aria-label="Heap">
              <h3>heap{stop.data.step.heapUsed ? `, ${size(stop.data.step.heapUsed)} in all` : ''}</h3>
              <div className={classes.scroll} tabIndex={0} role="region" aria-label="Objects and references">
                <Heap
                  stop={heap ?? stop.data}
                  v8={v8}
                  selected={selected}
                  select={acts.select}
                  tones={colours}
                  counts={marking || cut ? result.data?.counts : undefined}
                  cut={cut}
                  setCut={acts.setCut}
                />
              </div>
            </section>
          </div>
          <Facts step={stop.data.step} select={select} />
        </>
      )}
      <Group gap="xs">
        <SegmentedControl
          size="xs"
          aria-label="Collectors"
          value={marking ? 'on' : 'off'}
          onChange={(on) => set({ wave: on === 'on' ? 0 : undefined, cut: undefined })}
          data={[
            { label: 'The run', value: 'off' },
            { label: 'Collectors', value: 'on' },
          ]}
        />
        <Text size="xs" c="dimmed">
          Click an arrow to cut it, an object for its life, a variable to watch it.
        </Text>
      </Group>
      {result.error && <Failed error={result.error} />}
      {marking && result.data && (
        <Collector result={result.data} wave={wave} setWave={(w) => set({ wave: w })} cut={cut} mend={() => set({ cut: undefined, wave: 0 })} go={go} />
      )}
      {selected && <Life recording={id} object={selected} step={n} go={go} />}
      {watched && <Watch recording={id} name={watched} step={n} go={go} />}
    </Column>
  );
}

// useStep asks for a step, and for the next one before it is needed.
function useStep(id: string, n: number, last: number) {
  const queries = useQueryClient();
  const options = (n: number) => ({
    queryKey: ['lab', id, 'step', n],
    queryFn: () => answered(client.GET('/api/lab/recordings/{id}/steps/{n}', { params: { path: { id, n } } })),
    staleTime: Infinity,
  });
  useEffect(() => {
    if (n < last) void queries.prefetchQuery(options(n + 1));
  }, [id, n, last]);
  return useQuery({ ...options(n), placeholderData: keepPreviousData });
}

function ending({ end }: Replay): string {
  switch (end.reason) {
    case 'finished':
      return 'It ended by itself.';
    case 'failed':
      return `It failed with exit code ${end.exit}${end.detail ? `: ${end.detail}` : ''}.`;
    default:
      return `The recording ended at the ${end.reason}; the program was stopped.`;
  }
}
