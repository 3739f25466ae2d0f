export const kept = [];

export function keepToo(n) {
  [n].forEach((many) => {
    for (let i = 0; i < many; i++) kept.push({ id: i, tags: [i, i + 1, i + 2] });
  });
}
