import type { components } from '../api/schema';

type Schemas = components['schemas'];
export type Stop = Schemas['Stop'];
export type Step = Schemas['LabStep'];
export type Thing = Schemas['LabObject'];
export type Value = Schemas['LabValue'];
export type Variable = Schemas['LabVariable'];
export type Collectors = Schemas['SimulateResult'];
export type Collection = Schemas['LabCollection'];
export type Replay = Schemas['Replay'];

// valueText is a value as it stands beside a name.
export function valueText(value: Value): string {
  return value.ref ? `→ @${value.ref}` : (value.text ?? value.type);
}

// inSlot tells whether V8 keeps the value in the variable's slot itself, or as one of
// its constants, so that no object of the heap belongs to the variable alone.
export function inSlot(where: string): boolean {
  return where.startsWith('small integer') || where.startsWith('one of V8’s constants') || where.startsWith("one of V8's constants");
}

// byRef are the objects in a list of numbers, as they are named on the page.
export function named(ids: number[] | null | undefined): string {
  return ids?.length ? ids.map((id) => `@${id}`).join(' ') : 'nothing';
}
