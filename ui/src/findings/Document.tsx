import { Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { components } from '../api/schema';
import { BlockOf } from './Block';
import { State } from './State';

interface Props {
  document: components['schemas']['ReportDocument'];
  about: ReactNode; // beside the verdict
  below?: ReactNode; // the sentence
}

// DocumentOf is a report: the verdict first, then the evidence.
export function DocumentOf({ document, about, below }: Props) {
  return (
    <>
      <div>
        <Group gap="sm" align="center">
          <State state={document.state} />
          {about}
        </Group>
        <Title order={2} mt={6} style={{ overflowWrap: 'anywhere' }}>
          {document.title}
        </Title>
      </div>
      {below}
      {document.blocks.map((b, i) => (
        <BlockOf key={i} block={b} />
      ))}
      {document.fingerprints.length > 0 && (
        <Text size="xs" c="dimmed">
          {document.fingerprints.length === 1 ? 'Fingerprint' : 'Fingerprints'}: {document.fingerprints.join(', ')}
        </Text>
      )}
    </>
  );
}
