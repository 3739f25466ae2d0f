import { ActionIcon, Alert, Button, Checkbox, Group, Paper, SegmentedControl, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconMinus, IconPlus, IconTrash } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Failed, Waiting } from '../parts/States';
import { prometheus, type Result } from './api';
import { Chart } from './Chart';
import { Editor, typed } from './Editor';
import { moment, stepFor, time, type Panel } from './panels';
import { Answer } from './Answer';
import { seconds, several, span } from './words';

interface Props {
  panel: Panel;
  name: string;
  onChange: (panel: Panel) => void;
  onRemove?: () => void;
}

// PanelView is one expression and its answer.
export function PanelView({ panel, name, onChange, onRemove }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const range = seconds(panel.range) ?? 3600;
  const step = stepFor(range, panel.step);
  const [asked, setAsked] = useState(0); // the same expression again
  const answer = useQuery({
    queryKey: ['promql', panel, asked],
    enabled: panel.expr !== '',
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const began = performance.now();
      const end = time(panel.end);
      const from = end - range;
      const params: Record<string, string> = panel.tab === 'graph' ? { start: String(from), end: String(end), step: String(step) } : { time: String(end) };
      const { data, warnings = [], infos = [] } = await prometheus<Result>(panel.tab === 'graph' ? 'query_range' : 'query', { query: panel.expr, ...params }, 'POST', signal);
      return { ...data, tab: panel.tab, from, end, step, notes: [...warnings, ...infos], took: performance.now() - began };
    },
  });
  const change = (part: Partial<Panel>) => onChange({ ...panel, expr: typed(box.current) ?? panel.expr, ...part });
  const run = () => {
    const expr = typed(box.current) ?? panel.expr;
    if (expr === panel.expr) setAsked(asked + 1);
    else onChange({ ...panel, expr });
  };
  const result = answer.data;
  return (
    <Paper withBorder p="sm" component="section" aria-label={name} ref={box}>
      <Stack gap="xs">
        <Group gap="xs" wrap="nowrap" align="start">
          <Editor value={panel.expr} label={name} onRun={run} />
          <Button size="xs" h={36} onClick={run} loading={answer.isFetching}>
            Execute
          </Button>
          {onRemove && (
            <Tooltip label="Remove the panel">
              <ActionIcon variant="subtle" color="gray" h={36} onClick={onRemove} aria-label={`Remove ${name}`}>
                <IconTrash size={16} />
              </ActionIcon>
            </Tooltip>
          )}
        </Group>
        <Group gap="sm">
          <SegmentedControl
            size="xs"
            value={panel.tab}
            onChange={(tab) => change({ tab: tab as Panel['tab'] })}
            data={[
              { value: 'table', label: 'Table' },
              { value: 'graph', label: 'Graph' },
            ]}
            aria-label="Form"
          />
          {panel.tab === 'graph' && (
            <>
              <Range panel={panel} range={range} onChange={change} />
              <Typed label="Resolution in seconds" width={92} value={panel.step} placeholder={`auto, ${step} s`} valid={(v) => v === '' || Number(v) > 0} onChange={(step) => change({ step })} />
              <Checkbox size="xs" label="Stacked" checked={panel.stacked} onChange={(e) => change({ stacked: e.currentTarget.checked })} />
            </>
          )}
          <Ends panel={panel} range={range} onChange={change} />
        </Group>
        {answer.error && <Failed error={answer.error} />}
        {!answer.error && answer.isPending && answer.isFetching && <Waiting what="Evaluating" />}
        {!answer.error && result && panel.expr !== '' && (
          <>
            {result.notes.map((note) => (
              <Alert key={note} color="yellow" py={6}>
                {note}
              </Alert>
            ))}
            {result.tab === 'graph' && result.resultType === 'matrix' ? (
              <Chart
                name={panel.expr}
                series={result.result}
                from={result.from}
                end={result.end}
                step={result.step}
                stacked={panel.stacked}
                onSpan={(from, to) => change({ range: span(Math.max(1, Math.round(to - from))), end: moment(to) })}
              />
            ) : (
              <Answer result={result} />
            )}
            <Text size="xs" c="dimmed" role="status">
              {several(result) ? `${result.result.length.toLocaleString('en-US')} series, ` : ''}
              {Math.round(result.took)} ms{result.tab === 'graph' ? `, a point every ${span(result.step)}` : ''}
            </Text>
          </>
        )}
        {panel.expr === '' && (
          <Text size="sm" c="dimmed">
            Try process_resident_memory_bytes, or rate(nodejs_gc_duration_seconds_sum[5m]).
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

const ranges = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 7200, 21600, 43200, 86400, 2 * 86400, 7 * 86400, 14 * 86400, 28 * 86400, 56 * 86400, 112 * 86400, 365 * 86400];

// Range is how far back the graph goes.
function Range({ panel, range, onChange }: { panel: Panel; range: number; onChange: (part: Partial<Panel>) => void }) {
  const less = ranges.findLast((r) => r < range);
  const more = ranges.find((r) => r > range);
  return (
    <Group gap={2} wrap="nowrap">
      <ActionIcon variant="default" disabled={!less} onClick={() => onChange({ range: span(less!) })} aria-label="Shorter range">
        <IconMinus size={14} />
      </ActionIcon>
      <Typed label="Range" width={64} value={panel.range} valid={(v) => (seconds(v) ?? 0) > 0} onChange={(range) => onChange({ range })} />
      <ActionIcon variant="default" disabled={!more} onClick={() => onChange({ range: span(more!) })} aria-label="Longer range">
        <IconPlus size={14} />
      </ActionIcon>
    </Group>
  );
}

// Ends is the time at which the graph ends, or of the table.
function Ends({ panel, range, onChange }: { panel: Panel; range: number; onChange: (part: Partial<Panel>) => void }) {
  const by = panel.tab === 'graph' ? range / 2 : 300;
  const move = (seconds: number) => {
    const to = time(panel.end) + seconds;
    onChange({ end: to >= Date.now() / 1000 ? '' : moment(to) });
  };
  return (
    <Group gap={2} wrap="nowrap">
      <ActionIcon variant="default" onClick={() => move(-by)} aria-label="Earlier">
        <IconChevronLeft size={14} />
      </ActionIcon>
      <Typed label="Time (UTC)" width={150} value={panel.end} placeholder="now (UTC)" valid={(v) => v === '' || !Number.isNaN(Date.parse(`${v.replace(' ', 'T')}Z`))} onChange={(end) => onChange({ end })} />
      <ActionIcon variant="default" disabled={!panel.end} onClick={() => move(by)} aria-label="Later">
        <IconChevronRight size={14} />
      </ActionIcon>
    </Group>
  );
}

// Typed is a field whose text counts when it is left, or at Enter.
function Typed({ label, width, value, placeholder, valid, onChange }: { label: string; width: number; value: string; placeholder?: string; valid: (v: string) => boolean; onChange: (v: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const take = () => {
    if (text !== value && valid(text)) onChange(text);
  };
  return (
    <TextInput
      size="xs"
      w={width}
      value={text}
      placeholder={placeholder}
      aria-label={label}
      title={label}
      error={!valid(text)}
      onChange={(e) => setText(e.currentTarget.value.trimStart())}
      onBlur={take}
      onKeyDown={(e) => e.key === 'Enter' && take()}
    />
  );
}
