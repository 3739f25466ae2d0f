// duration is a time in its two greatest units: 3 d 4 h, 12 min 30 s, 8 s.
export function duration(seconds: number): string {
  const units: [string, number][] = [
    ['d', 86400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ];
  const left = Math.max(0, Math.round(seconds));
  const first = units.findIndex(([, n]) => left >= n);
  if (first < 0) return '0 s';
  const [unit, n] = units[first]!;
  const [next, m] = units[first + 1] ?? ['', 0];
  const rest = m ? Math.floor((left % n) / m) : 0;
  return `${Math.floor(left / n)} ${unit}${rest ? ` ${rest} ${next}` : ''}`;
}
