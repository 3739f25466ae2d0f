import type { components } from '../api/schema';

type Block = components['schemas']['ReportBlock'];

// Row is a fact of two reports.
export interface Row {
  heading: string;
  name: string;
  before?: string;
  after?: string;
}

// side puts the facts of two reports beside each other: those under the same heading,
// which names the variable, and of the same name.
export function side(before: Block[], after: Block[]): Row[] {
  const rows: Row[] = [];
  for (const [which, blocks] of [
    ['before', before],
    ['after', after],
  ] as const)
    for (const b of blocks)
      for (const [name, text] of (b.facts ?? []) as [string, string][]) {
        const heading = (b.heading ?? '').replace(/^\d+\. \w+: /, '');
        let row = rows.find((r) => r.heading === heading && r.name === name && r[which] === undefined);
        if (!row) rows.push((row = { heading, name }));
        row[which] = text;
      }
  return rows;
}
