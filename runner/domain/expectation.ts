/** What somebody expects of a grid before it runs: `expect r34 > r18 by 1`. */

export interface Expectation {
  text: string;
  /** Labels that name the settings, `axis=label` where several axes have one. */
  better: readonly string[];
  worse: readonly string[];
  /** At least by so much: points of an accuracy, else in the objective's unit. */
  by: number;
}

const form = /^expect\s+(.+?)\s*([<>])\s*(.+?)(?:\s+by\s+(\d+(?:\.\d+)?)\s*(?:points?|%)?)?\s*$/i;

/** Null: it is no expectation, and a note like any other. `>` is “better than”, also of a loss. */
export function parseExpectation(text: string): Expectation | null {
  const [, left, sign, right, by = '0'] = form.exec(text.trim()) ?? [];
  if (left === undefined || right === undefined || /[<>]/.test(left + right)) return null;
  const [better, worse] = sign === '>' ? [left, right] : [right, left];
  return { text: text.trim(), better: partsOf(better), worse: partsOf(worse), by: Number(by) };
}

/** All expectations of a note, which may have several, and other words, between semicolons. */
export const expectationsIn = (note: string): Expectation[] =>
  note.split(/[;\n]/).flatMap(part => parseExpectation(part) ?? []);

const partsOf = (text: string) => text.split(/\s*[·,+&]\s*/).filter(part => part !== '');

/** The settings that labels name: axis → label. */
export type Named = Readonly<Record<string, string>>;

/**
 * @param axes axis → its labels
 * @returns a text: what is wrong with a label
 */
export function namedSettings(
  parts: readonly string[],
  axes: ReadonlyMap<string, readonly string[]>,
): Named | string {
  const named: Record<string, string> = {};
  for (const part of parts) {
    // Nobody expects anything of a seed.
    const whole = [...axes]
      .filter(([axis, labels]) => axis !== 'seed' && labels.includes(part))
      .map(([axis]) => ({ axis, label: part }));
    const [, axis, label] = /^([^=]+)=(.+)$/.exec(part) ?? [];
    const spelled = axis !== undefined && axes.get(axis)?.includes(label!) ? [{ axis, label: label! }] : [];
    const found = [...whole, ...spelled];
    if (found.length === 0) {
      const known = [...axes].filter(([axis]) => axis !== 'seed').flatMap(([, labels]) => labels);
      return `no axis has the value "${part}"; there are ${known.slice(0, 12).join(', ') || 'none'}`;
    }
    if (found.length > 1)
      return `"${part}" is a value of ${found.map(({ axis }) => axis).join(' and ')}; write ${found[0]!.axis}=${part}`;
    named[found[0]!.axis] = found[0]!.label;
  }
  return named;
}
