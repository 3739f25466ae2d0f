import { Anchor, Badge, Button, Code, Group, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from 'react-router';
import { answered, client } from '../api/client';
import { size } from '../parts/size';
import { Failed, Waiting } from '../parts/States';
import classes from './lab.module.css';

// An exhibit: a leak and its fix, in words, in code, and measured.
export default function Exhibit() {
  const { name = '' } = useParams();
  const navigate = useNavigate();
  const exhibit = useQuery({
    queryKey: ['lab', 'exhibit', name],
    queryFn: () => answered(client.GET('/api/lab/exhibits/{name}', { params: { path: { name } } })),
    staleTime: Infinity,
  });
  const measure = useMutation({ mutationFn: () => answered(client.POST('/api/lab/exhibits/{name}/measure', { params: { path: { name } } })) });
  const record = useMutation({
    mutationFn: (fixed: boolean) => answered(client.POST('/api/lab/recordings', { body: { exhibit: name, fixed } })),
    onSuccess: ({ id }) => navigate(`/lab/recordings/${id}`),
  });
  if (exhibit.error) return <Failed error={exhibit.error} />;
  if (!exhibit.data) return <Waiting what="Opening the exhibit" />;
  const e = exhibit.data;
  return (
    <Stack gap="md">
      <div>
        <Anchor component={Link} to="/lab" size="sm">
          The lab
        </Anchor>
        <Title order={2}>{e.title}</Title>
      </div>
      <Page text={e.page} />
      {(e.lint || e.command) && (
        <Text size="sm">
          {e.lint && (
            <>
              Rule of <Code>plumb lint</Code>: <Code>{e.lint}</Code>.{' '}
            </>
          )}
          {e.command && (
            <>
              Found by <Code>{e.command}</Code>.
            </>
          )}
        </Text>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Program title="Leaky" source={e.leaky} run={() => record.mutate(false)} running={record.isPending && record.variables === false} />
        <Program title="Fixed" source={e.fixed} run={() => record.mutate(true)} running={record.isPending && record.variables === true} />
      </SimpleGrid>
      {record.error && <Failed error={record.error} />}
      <section aria-label="Measured">
        <Group gap="sm">
          <Title order={3} size="h4">
            What a call leaves behind
          </Title>
          <Button size="compact-sm" onClick={() => measure.mutate()} loading={measure.isPending}>
            Run both on this Node.js
          </Button>
        </Group>
        <Text size="sm" c="dimmed">
          Running them runs them, 800 calls each, in a process of their own, for some seconds.
        </Text>
        {measure.error && <Failed error={measure.error} />}
        <Table maw={520} mt="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th />
              <Table.Th ta="right">Predicted</Table.Th>
              <Table.Th ta="right">Measured{measure.data ? `, Node.js ${measure.data.node.replace(/^v/, '')}` : ''}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            <Table.Tr>
              <Table.Td>Leaky</Table.Td>
              <Table.Td ta="right">{size(measure.data?.predicted ?? e.predicted)}</Table.Td>
              <Table.Td ta="right">{measure.data ? size(measure.data.leaky) : '–'}</Table.Td>
            </Table.Tr>
            <Table.Tr>
              <Table.Td>Fixed</Table.Td>
              <Table.Td ta="right">nothing</Table.Td>
              <Table.Td ta="right">{measure.data ? size(measure.data.fixed) : '–'}</Table.Td>
            </Table.Tr>
          </Table.Tbody>
        </Table>
        {measure.data && (
          <Badge color={measure.data.verdict === 'as predicted' ? 'teal' : 'red'} variant="outline">
            {measure.data.verdict}
          </Badge>
        )}
      </section>
    </Stack>
  );
}

function Program({ title, source, run, running }: { title: string; source: string; run: () => void; running: boolean }) {
  return (
    <section aria-label={title}>
      <Group justify="space-between" mb={4}>
        <Title order={3} size="h4">
          {title}
        </Title>
        <Button size="compact-xs" variant="default" onClick={run} loading={running}>
          Run it line by line
        </Button>
      </Group>
      <pre className={classes.listing} tabIndex={0}>
        {source}
      </pre>
    </section>
  );
}

// Page is the exhibit's text: paragraphs that begin with a bold word, and code in
// backquotes. There is nothing else in them.
function Page({ text }: { text: string }) {
  return (
    <Stack gap={6} maw={760}>
      {text
        .trim()
        .split(/\n\n+/)
        .map((paragraph, i) => (
          <Text key={i}>
            {paragraph.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((part, j) => {
              if (part.startsWith('**')) return <b key={j}>{part.slice(2, -2)}</b>;
              if (part.startsWith('`')) return <Code key={j}>{part.slice(1, -1)}</Code>;
              return part;
            })}
          </Text>
        ))}
    </Stack>
  );
}
