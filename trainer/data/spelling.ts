/** Labels that a reader would take for one: `3` and `3.0`, `cat` and `Cat`, composed and decomposed letters. */
import { editDistance } from '../contract/edit-distance.js';

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Equal for labels that differ in nothing but case, blanks, invisible characters, `_` and `-`, or how a number is written. */
function spellingKey(label: string): string {
  const plain = label
    .normalize('NFKC')
    .replaceAll(/[\p{Cf}\p{Cc}]/gu, '')
    .trim();
  if (number.test(plain)) return `${Number(plain)}`;
  // `a` and `A` are letters of an alphabet.
  if ([...plain].length === 1) return plain;
  const folded = plain
    .toLowerCase()
    .replaceAll(/[\s_-]+/gu, ' ')
    .trim();
  return folded === '' ? plain : folded;
}

/** Two names for what may be one class, worded: `"3" and "3.0"`. */
export function nearlyEqualLabels(labels: Iterable<string>): string[] {
  const first = new Map<string, string>();
  const pairs: string[] = [];
  for (const label of labels) {
    const key = spellingKey(label);
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, label);
    else if (earlier !== label) pairs.push(`${quoted(earlier, label)} and ${quoted(label, earlier)}`);
  }
  return pairs;
}

/** In quotes, so that blanks show, with the code points of what the other label doesn't have and the eye may miss. */
function quoted(label: string, other: string): string {
  const codes = [...new Set(label)]
    .filter(character => !/[\x20-\x7e]/.test(character) && !other.includes(character))
    .map(character => `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`);
  return `${JSON.stringify(label)}${codes.length > 0 ? ` (${codes.join(', ')})` : ''}`;
}

/** `"dgo" (training has "dog")`, or the label alone where none of the `known` is near. */
export function withNearest(label: string, known: readonly string[]): string {
  const key = spellingKey(label);
  const near = known.find(other => spellingKey(other) === key) ?? nearestByEdits(label, known);
  return near === undefined ? label : `${quoted(label, near)} (training has ${quoted(near, label)})`;
}

function nearestByEdits(label: string, known: readonly string[]): string | undefined {
  if (number.test(label) || label.length > 100) return undefined;
  const most = Math.max(1, Math.floor(label.length / 3));
  const ranked = known
    .filter(other => Math.abs(other.length - label.length) <= most)
    .map(other => ({ other, edits: editDistance(label.toLowerCase(), other.toLowerCase()) }))
    .filter(({ edits }) => edits <= most && edits < label.length)
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.other;
}
