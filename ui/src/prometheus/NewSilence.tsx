import { ActionIcon, Anchor, Button, Group, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { Failed } from '../parts/States';
import { alertmanager, type Notified } from './api';
import { Labels } from './Labels';
import { madeOf, matcher, matchers, operator, operators, seconds, type Operator } from './words';

interface Row {
  name: string;
  op: Operator;
  value: string;
}

// A new silence: which alerts, how long, by whom, why. The address may say which.
export default function NewSilence() {
  const [query] = useSearchParams();
  const [rows, setRows] = useState<Row[]>(() => {
    const given = matchers(query.get('filter') ?? '').map((m) => ({ name: m.name, op: operator(m), value: m.value }));
    return given.length ? given : [{ name: '', op: '=', value: '' }];
  });
  const [length, setLength] = useState('2h');
  const [author, setAuthor] = useState(localStorage.getItem('silences by') ?? '');
  const [comment, setComment] = useState(query.get('comment') ?? '');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const list = rows.filter((r) => r.name).map((r) => madeOf(r.name, r.op, r.value));
  const met = useQuery({
    queryKey: ['v2', 'met', list],
    queryFn: () => alertmanager<Notified[]>(`alerts?${list.map((m) => `filter=${encodeURIComponent(matcher(m))}`).join('&')}`),
    enabled: list.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  const create = useMutation({
    mutationFn: () => {
      const now = Date.now();
      return alertmanager<{ silenceID: string }>('silences', 'POST', {
        matchers: list,
        startsAt: new Date(now).toISOString(),
        endsAt: new Date(now + 1000 * (seconds(length) ?? 0)).toISOString(),
        createdBy: author,
        comment,
      });
    },
    onSuccess: () => {
      localStorage.setItem('silences by', author);
      void queries.invalidateQueries({ queryKey: ['v2'] });
      void navigate('/silences');
    },
  });
  const wrongLength = !((seconds(length) ?? 0) > 0);
  const change = (i: number, part: Partial<Row>) => setRows(rows.map((r, n) => (n === i ? { ...r, ...part } : r)));
  const submit = (e: FormEvent) => {
    e.preventDefault();
    create.mutate();
  };
  return (
    <Stack gap="md" maw={760}>
      <div>
        <Anchor component={Link} to="/silences" size="sm">
          Silences
        </Anchor>
        <Title order={2}>New silence</Title>
      </div>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
            <Text component="legend" size="sm" fw={500} mb={4}>
              Alerts with these labels
            </Text>
            <Stack gap={6}>
              {rows.map((r, i) => (
                <Group key={i} gap={6} wrap="nowrap">
                  <TextInput size="xs" style={{ flex: 2 }} value={r.name} placeholder="alertname" aria-label={`Label ${i + 1}`} onChange={(e) => change(i, { name: e.currentTarget.value })} />
                  <Select size="xs" w={68} data={operators} value={r.op} allowDeselect={false} aria-label={`Operator ${i + 1}`} onChange={(op) => change(i, { op: op as Operator })} />
                  <TextInput size="xs" style={{ flex: 3 }} value={r.value} placeholder="value" aria-label={`Value ${i + 1}`} onChange={(e) => change(i, { value: e.currentTarget.value })} />
                  <ActionIcon variant="subtle" color="gray" onClick={() => setRows(rows.filter((_, n) => n !== i))} disabled={rows.length === 1} aria-label={`Remove label ${i + 1}`}>
                    <IconTrash size={15} />
                  </ActionIcon>
                </Group>
              ))}
              <Button size="compact-xs" variant="default" leftSection={<IconPlus size={13} />} onClick={() => setRows([...rows, { name: '', op: '=', value: '' }])} style={{ alignSelf: 'start' }}>
                Another label
              </Button>
            </Stack>
          </fieldset>
          <Group align="start" grow>
            <TextInput size="xs" label="How long" value={length} onChange={(e) => setLength(e.currentTarget.value.trim())} error={wrongLength && 'such as 30m, 2h, 1d12h'} required />
            <TextInput size="xs" label="By whom" value={author} onChange={(e) => setAuthor(e.currentTarget.value)} required />
          </Group>
          <TextInput size="xs" label="Why" value={comment} onChange={(e) => setComment(e.currentTarget.value)} required />
          {create.error && <Failed error={create.error} />}
          <Group>
            <Button type="submit" size="xs" loading={create.isPending} disabled={wrongLength || list.length === 0 || !author || !comment}>
              Silence
            </Button>
          </Group>
        </Stack>
      </form>
      {met.error && <Failed error={met.error} />}
      {met.data && list.length > 0 && (
        <Stack gap={6} role="status">
          <Text size="sm" fw={500}>
            {met.data.length === 1 ? 'One alert is met now.' : `${met.data.length} alerts are met now.`}
          </Text>
          {met.data.slice(0, 20).map((a) => (
            <Labels key={a.fingerprint} labels={a.labels} />
          ))}
        </Stack>
      )}
    </Stack>
  );
}
