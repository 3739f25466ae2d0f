import { Anchor, Button, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { components } from '../api/schema';
import { answered, client } from '../api/client';
import { Failed } from '../parts/States';
import classes from './lab.module.css';

// Habits that prevent leaks, each a pair of programs that are run.
export default function Prevention() {
  const run = useMutation({ mutationFn: () => answered(client.POST('/api/lab/prevention')) });
  return (
    <Stack gap="md">
      <div>
        <Anchor component={Link} to="/lab" size="sm">
          The lab
        </Anchor>
        <Title order={2}>Habits that prevent leaks</Title>
        <Text c="dimmed">Pairs of programs, without a habit and with it. What they print is what Node.js prints when they run.</Text>
      </div>
      <Button onClick={() => run.mutate()} loading={run.isPending} style={{ alignSelf: 'start' }}>
        Run all pairs
      </Button>
      {run.error && <Failed error={run.error} />}
      {run.data?.habits.map((h) => (
        <section key={h.name} aria-label={h.title}>
          <Title order={3} size="h4">
            {h.title}
          </Title>
          <Text mb="xs">{h.text.replaceAll('**', '').replaceAll('`', '')}</Text>
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <Printed title="Before" program={h.before} />
            <Printed title="After" program={h.after} />
          </SimpleGrid>
        </section>
      ))}
    </Stack>
  );
}

function Printed({ title, program }: { title: string; program: components['schemas']['ExhibitPrinted'] }) {
  return (
    <div>
      <Text size="sm" fw={600}>
        {title}: {program.file}
      </Text>
      <pre className={classes.listing} tabIndex={0}>
        {program.source}
      </pre>
      <Text size="sm" c="dimmed">
        prints
      </Text>
      <pre className={classes.listing} tabIndex={0}>
        {program.output || '(nothing)'}
      </pre>
    </div>
  );
}
