import { Badge } from '@mantine/core';

const colours: Record<string, string> = { up: 'teal', ok: 'teal', active: 'teal', inactive: 'gray', pending: 'yellow', firing: 'red', down: 'red', err: 'red', expired: 'gray', suppressed: 'gray' };

// Health is a state in its colour.
export function Health({ state }: { state: string }) {
  return (
    <Badge variant="outline" color={colours[state] ?? 'gray'}>
      {state}
    </Badge>
  );
}
