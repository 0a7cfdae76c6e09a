/** "Did you mean": the known name that a wrong one is most likely to stand for. */
import { editDistance } from '../../../trainer/contract/edit-distance.js';

/** `learning_rate` and `LearningRate` are `learningRate` to a reader. */
const plain = (word: string) => word.toLowerCase().replaceAll(/[_\s-]/g, '');
/** `learningRate` → `lr`. */
const initials = (word: string) =>
  word.replaceAll(/[^A-Z.]/g, (letter, at) => (at === 0 ? letter : '')).toLowerCase();

/** Whether `short` is `name` with letters left out (`valAcc`), its first one kept. */
function abbreviates(short: string, name: string): boolean {
  let found = 0;
  for (const letter of name) if (letter === short[found]) found++;
  return short.length > 2 && short[0] === name[0] && found === short.length;
}

/** The lower, the nearer. An abbreviation is nearer than a word with one wrong letter. */
function distance(wanted: string, candidate: string): number {
  const name = plain(candidate);
  if (wanted.length > 1 && initials(candidate) === wanted) return 0.25;
  if (wanted.length > 2 && name.startsWith(wanted)) return 0.5;
  if (wanted !== name && abbreviates(wanted, name)) return 0.5 + Math.min(name.length, 40) / 100;
  const edits = editDistance(wanted, name);
  const allowed = Math.max(1, Math.floor(Math.min(wanted.length, name.length) / 3));
  return edits <= allowed ? edits : Number.POSITIVE_INFINITY;
}

/** The nearest of `known`, if one is near: by few edits or as an abbreviation (`lr`, `eps`, `valAcc`). */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const wanted = plain(word);
  // Words beyond any name's length are not worth the quadratic comparison; numbers have no near misses.
  if (wanted === '' || wanted.length > 100 || !Number.isNaN(Number(wanted))) return undefined;
  const ranked = [...known].map(candidate => ({ candidate, cost: distance(wanted, candidate) }));
  const best = ranked.reduce((a, b) => (b.cost < a.cost ? b : a), {
    candidate: '',
    cost: Number.POSITIVE_INFINITY,
  });
  return best.cost < Number.POSITIVE_INFINITY ? best.candidate : undefined;
}

/** `; did you mean "sgd"?`, or the names there are when none is near. */
export function suggestion(word: string, known: readonly string[], noun = 'known'): string {
  const near = nearest(word, known);
  if (near !== undefined) return `; did you mean "${near}"?`;
  if (known.length === 0) return '';
  const shown = known.slice(0, 20).join(', ');
  return `; ${noun}: ${shown}${known.length > 20 ? ` and ${known.length - 20} more` : ''}`;
}
