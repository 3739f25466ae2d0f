import { Alert, Center, Code, Loader, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Failure } from '../api/client';

// Waiting stands where something is being loaded.
export function Waiting({ what }: { what: string }) {
  return (
    <Center p="xl" role="status">
      <Stack align="center" gap="xs">
        <Loader size="sm" />
        <Text c="dimmed" size="sm">
          {what}
        </Text>
      </Stack>
    </Center>
  );
}

// Failed says what went wrong, and what to do.
export function Failed({ error }: { error: Error }) {
  const hint = error instanceof Failure ? error.hint : undefined;
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title={error.message} role="alert" my="md">
      {hint && <Text size="sm">hint: {hint}</Text>}
    </Alert>
  );
}

// Empty says why there is nothing, and what would bring something.
export function Empty({ title, children, command }: { title: string; children?: ReactNode; command?: string }) {
  return (
    <Center p="xl">
      <Stack align="center" gap="xs" maw={560}>
        <Title order={3}>{title}</Title>
        {children && (
          <Text c="dimmed" ta="center" component="div">
            {children}
          </Text>
        )}
        {command && <Code>{command}</Code>}
      </Stack>
    </Center>
  );
}
