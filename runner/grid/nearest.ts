/** "Did you mean": the known name that a wrong one is most likely to stand for. */

/** Number of insertions, deletions, replacements and swaps of neighbours between two words. */
export function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, rows[i - 2]![j - 2]! + 1);
      row.push(cost);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

/** `learning_rate` and `LearningRate` are `learningRate` to a reader. */
const plain = (word: string) => word.toLowerCase().replaceAll(/[_\s-]/g, '');
/** `learningRate` → `lr`. */
const initials = (word: string) =>
  word.replaceAll(/[^A-Z.]/g, (letter, at) => (at === 0 ? letter : '')).toLowerCase();

/** The nearest of `known`, if one is near: few edits, its initials (`lr`) or its beginning (`eps`). */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const wanted = plain(word);
  // Words beyond any name's length are not worth the quadratic comparison.
  // Numbers have no near misses.
  if (wanted === '' || wanted.length > 100 || !Number.isNaN(Number(wanted))) return undefined;
  let best: string | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const name = plain(candidate);
    const cost =
      initials(candidate) === wanted && wanted.length > 1
        ? 0.5
        : wanted.length > 2 && name.startsWith(wanted)
          ? 0.75
          : editDistance(wanted, name);
    if (cost < bestCost && cost <= Math.max(1, Math.floor(Math.min(wanted.length, name.length) / 3))) {
      best = candidate;
      bestCost = cost;
    }
  }
  return best;
}

/** `; did you mean "sgd"?`, or the names there are when none is near. */
export function suggestion(word: string, known: readonly string[], noun = 'known'): string {
  const near = nearest(word, known);
  if (near !== undefined) return `; did you mean "${near}"?`;
  if (known.length === 0) return '';
  const shown = known.slice(0, 20).join(', ');
  return `; ${noun}: ${shown}${known.length > 20 ? ` and ${known.length - 20} more` : ''}`;
}
