// Sizes as DevTools shows them, and plumb's terminal too: 1 kB is 1000 B, one decimal
// below 100 of a unit and none from there on, half rounded up; there is no GB.

// size picks the unit.
export function size(bytes: number): string {
  if (bytes < 0) return '−' + size(-bytes);
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1000_000) return kilobytes(bytes);
  return bytes < 100_000_000 ? `${tenths(bytes, 1000_000)} MB` : `${count(Math.floor((bytes + 500_000) / 1000_000))} MB`;
}

// kilobytes is for columns: one column has one unit.
export function kilobytes(bytes: number): string {
  if (bytes < 0) return '−' + kilobytes(-bytes);
  return bytes < 100_000 ? `${tenths(bytes, 1000)} kB` : `${count(Math.floor((bytes + 500) / 1000))} kB`;
}

function tenths(bytes: number, unit: number): string {
  const n = Math.floor((bytes * 10 + unit / 2) / unit);
  return `${Math.floor(n / 10)}.${n % 10}`;
}

// count prints a whole number with commas between thousands.
export function count(n: number): string {
  return n.toLocaleString('en-US');
}
