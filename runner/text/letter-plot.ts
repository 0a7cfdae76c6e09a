/** Several curves in one picture of characters: a letter each, `*` where some meet. */
export interface LetterCurve {
  letter: string;
  points: readonly (readonly [x: number, y: number])[];
}

/** Lines of at most `width` columns, the top one first; empty without points. */
export function letterPlot(
  curves: readonly LetterCurve[],
  { width, height, format }: { width: number; height: number; format: (value: number) => string },
): string[] {
  const all = curves.flatMap(({ points }) => points);
  if (all.length === 0) return [];
  const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [bottom, top] = [Math.min(...ys), Math.max(...ys)];
  const margin = Math.max(format(top).length, format(bottom).length);
  const columns = Math.max(1, Math.min(width - margin - 2, 60));
  const rows = Array.from({ length: height }, () => new Array<string>(columns).fill(' '));
  const share = (value: number, from: number, to: number) => (to === from ? 0 : (value - from) / (to - from));
  for (const { letter, points } of curves)
    for (const [x, y] of points) {
      const row = rows[Math.round((1 - share(y, bottom, top)) * (height - 1))]!;
      const column = Math.round(share(x, left, right) * (columns - 1));
      row[column] = row[column] === ' ' || row[column] === letter ? letter : '*';
    }
  const label = (row: number) => (row === 0 ? format(top) : row === height - 1 ? format(bottom) : '');
  return [
    ...rows.map((row, i) => `${label(i).padStart(margin)} |${row.join('')}`.trimEnd()),
    `${' '.repeat(margin)} +${'-'.repeat(columns)}`,
    `${' '.repeat(margin + 2)}${`epoch ${left}`.padEnd(Math.max(0, columns - `${right}`.length))}${right}`,
  ];
}
