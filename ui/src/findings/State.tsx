import { Badge } from '@mantine/core';

// State is a verdict as a badge.
export function State({ state }: { state: string }) {
  const colour = state === 'leaking' ? 'red' : state === 'healthy' ? 'teal' : 'gray';
  return (
    <Badge color={colour} variant="outline">
      {state || 'not compared'}
    </Badge>
  );
}
