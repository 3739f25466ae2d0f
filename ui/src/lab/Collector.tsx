import { Alert, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { named, type Collectors } from './words';

interface Props {
  result: Collectors;
  wave: number;
  setWave: (n: number) => void;
  cut?: string;
  mend: () => void;
  go: (step: number) => void;
}

// What the collectors of the textbook would do at this step, and what V8 did.
export function Collector({ result, wave, setWave, cut, mend, go }: Props) {
  const waves = result.waves ?? [];
  const last = waves.length + 1;
  return (
    <Stack gap="xs" aria-label="Collectors" role="region">
      <Group gap="xs">
        <Badge color="grape" variant="outline">
          simulated
        </Badge>
        <Text size="sm" fw={600}>
          Mark and sweep
        </Text>
        <Button size="compact-xs" variant="default" disabled={wave <= 0} onClick={() => setWave(wave - 1)}>
          Back
        </Button>
        <Button size="compact-xs" variant="default" disabled={wave >= last} onClick={() => setWave(wave + 1)}>
          Next wave
        </Button>
        <Button size="compact-xs" variant="default" disabled={wave >= last} onClick={() => setWave(last)}>
          To the end
        </Button>
      </Group>
      <Text size="sm">{marking(waves, wave, result)}</Text>
      {cut && (
        <Alert py="xs" color="red" variant="light">
          <Group gap="xs" justify="space-between">
            <Text size="sm">
              Without <b>{cut}</b>: mark and sweep would free {named(result.swept)}, a reference counter {named(result.freedByCounting)}.
            </Text>
            <Button size="compact-xs" variant="default" onClick={mend}>
              Mend it
            </Button>
          </Group>
        </Alert>
      )}
      <Group gap="xs">
        <Badge color="grape" variant="outline">
          simulated
        </Badge>
        <Text size="sm" fw={600}>
          Reference counting
        </Text>
      </Group>
      <Text size="sm">
        Freed at once: {named(result.freedByCounting)}. Never freed: {named(result.leakedByCounting)}
        {result.leakedByCounting?.length ? ', as a cycle keeps its own counts above zero' : ''}.
        {cut && ` Trial deletion from what was cut off: ${named(result.trialDeletion)}.`}
      </Text>
      <Group gap="xs">
        <Badge color="teal" variant="outline">
          real
        </Badge>
        {result.diedInV8Step ? (
          <>
            <Text size="sm">
              V8’s collector had freed {named(result.diedInV8)} at step {result.diedInV8Step}, the next snapshot.
            </Text>
            <Button size="compact-xs" onClick={() => go(result.diedInV8Step!)}>
              Run V8’s collector
            </Button>
          </>
        ) : (
          <Text size="sm">No snapshot follows this step: nobody knows what V8 freed.</Text>
        )}
      </Group>
    </Stack>
  );
}

function marking(waves: Collectors['waves'], wave: number, result: Collectors): string {
  const all = waves ?? [];
  if (wave === 0) return 'All objects are white. The roots are the variables of the stack.';
  if (wave > all.length) return `No grey object is left. White, and swept: ${named(result.swept)}.`;
  const ids = named(all[wave - 1]);
  return wave === 1 ? `The roots refer to ${ids}: grey.` : `What grey objects refer to is at distance ${wave - 1}: ${ids}. Those before are done: black.`;
}
