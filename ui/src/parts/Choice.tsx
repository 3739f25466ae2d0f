import { Chip, Group, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useRef } from 'react';
import { useSearchParams } from 'react-router';

// useChoice is what of a list is to be seen: a word, and states that are left out. It
// is in the address.
export function useChoice() {
  const [query, setQuery] = useSearchParams();
  const text = query.get('search') ?? '';
  const without = query.get('without')?.split(',').filter(Boolean) ?? [];
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(query);
    if (value) next.set(name, value);
    else next.delete(name);
    setQuery(next, { replace: true });
  };
  const has = (...texts: string[]) => texts.some((t) => t.toLowerCase().includes(text.toLowerCase()));
  return { text, without, has, setText: (t: string) => set('search', t), setWithout: (list: string[]) => set('without', list.join(',')) };
}

interface Props {
  choice: ReturnType<typeof useChoice>;
  states: Record<string, number>; // how many there are of each
  label: string;
}

// Choice chooses by word and state.
export function Choice({ choice, states, label }: Props) {
  const box = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => box.current?.focus()]]);
  const names = Object.keys(states);
  return (
    <Group gap="xs">
      <TextInput
        ref={box}
        size="xs"
        w={260}
        value={choice.text}
        placeholder={label}
        aria-label={label}
        onChange={(e) => choice.setText(e.currentTarget.value)}
        onKeyDown={(e) => e.key === 'Escape' && e.currentTarget.blur()}
      />
      <Chip.Group multiple value={names.filter((n) => !choice.without.includes(n))} onChange={(on) => choice.setWithout(names.filter((n) => !on.includes(n)))}>
        <Group gap={6}>
          {names.map((name) => (
            <Chip key={name} value={name} size="xs" variant="outline">
              {name} {states[name]}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
    </Group>
  );
}
