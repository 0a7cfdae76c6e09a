/** Rows of a last layer by the names of their classes. */
import { anyText, listOf } from '../contract/shape.js';
import { fittingJson } from '../files/checked-json.js';

export const classList = listOf(anyText);

/** Classes that a file of weights names in its metadata, in the order of its outputs; undefined where it names none. */
export function namedClasses({ classes }: Readonly<Record<string, string>>): readonly string[] | undefined {
  return fittingJson<string[]>(classes ?? '', classList);
}

/** Place among `others` of each of the classes `own`; -1: it is not there. */
export function classRows(own: readonly string[], others: readonly string[]): number[] {
  const places = new Map(others.map((name, row) => [name, row]));
  return own.map(name => places.get(name) ?? -1);
}

/** How rows are taken: all in their order, all in another order, some of them, none. */
export function describeRows(
  rows: readonly number[],
  own: readonly string[],
  others: readonly string[],
): { kind: 'same' | 'order' | 'partial' | 'none'; words: string } {
  const unknown = own.filter((_, row) => rows[row]! < 0);
  const count = rows.length - unknown.length;
  if (count === 0)
    return { kind: 'none', words: `none of its classes is one of the data's: ${list(others)}` };
  const surplus = others.length - count;
  if (unknown.length > 0 || surplus > 0) {
    const words = [
      `the rows of ${count} of its ${others.length} classes, by name`,
      ...(unknown.length > 0 ? [`none for ${list(unknown)}`] : []),
    ].join('; ');
    return { kind: 'partial', words };
  }
  if (rows.every((row, place) => row === place)) return { kind: 'same', words: '' };
  return { kind: 'order', words: 'by the names of its classes, which are in another order' };
}

/** Of many names so many are shown. */
const listed = 3;

const list = (names: readonly string[]) =>
  names.slice(0, listed).join(', ') + (names.length > listed ? `, … and ${names.length - listed} more` : '');
