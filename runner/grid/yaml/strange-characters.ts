/** Names the characters behind problems that can't be understood by looking: invisible ones, and those that look like others. */
import { CST, Lexer, type LineCounter } from 'yaml';
import { describeStrange } from '../../domain/characters.js';
import type { Problem } from '../../domain/problem.js';

interface StrangeText {
  /** Offsets of the scalar that the characters are in. */
  start: number;
  end: number;
  /** The first of them. */
  at: number;
  /** `a no-break space (U+00A0)`, each kind once; and what to do about the first. */
  names: string[];
  advice: string;
}

/** Text in which characters look like letters of another script: `аdam` with a Cyrillic а. */
const mixedWord = /(?=\p{L}*\p{Script=Latin})(?=\p{L}*[\p{Script=Cyrillic}\p{Script=Greek}])\p{L}+/gu;
const foreignLetter = /[\p{Script=Cyrillic}\p{Script=Greek}]/u;

/** Scalars with strange characters in a YAML text; those of comments and block scalars do no harm. */
function strangeTexts(text: string): StrangeText[] {
  const found: StrangeText[] = [];
  let offset = 0;
  let isBlock = false;
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    // The mark before a plain or block scalar stands for no text.
    if (type === 'scalar' || token === CST.DOCUMENT || token === CST.FLOW_END) continue;
    if (type === 'block-scalar-header') isBlock = true;
    else if (type !== 'comment' && type !== 'newline' && type !== 'space') {
      const strange = isBlock ? undefined : strangeText(token, offset);
      if (strange) found.push(strange);
      isBlock = false;
    }
    offset += token.length;
  }
  return found;
}

function strangeText(token: string, start: number): StrangeText | undefined {
  const hits: { at: number; name: string; advice: string }[] = [];
  let at = start;
  for (const character of token) {
    const strange = describeStrange(character);
    if (strange) hits.push({ at, ...strange });
    at += character.length;
  }
  for (const { 0: word, index } of token.matchAll(mixedWord)) {
    const place = word.search(foreignLetter);
    const code = word.codePointAt(place)!.toString(16).toUpperCase().padStart(4, '0');
    const name = `"${word[place]}" (U+${code})`;
    hits.push({ at: start + index + place, name, advice: 'which is no Latin letter: type the word anew' });
  }
  const [first] = hits.sort((a, b) => a.at - b.at);
  if (first === undefined) return undefined;
  const names = [...new Set(hits.map(({ name }) => name))];
  return { start, end: start + token.length, at: first.at, names, advice: first.advice };
}

export interface StrangeCharacters {
  /** In place of a parser's errors: the characters in the scalars that they are about, if there are any. */
  inPlaceOf(errors: readonly Problem[]): readonly Problem[];
  /** Problems of values, each with the characters in the scalar that it is about; without those that only follow from them. */
  explain(problems: readonly Problem[]): readonly Problem[];
}

export function strangeCharacters(file: string, text: string, lines: LineCounter): StrangeCharacters {
  let known: StrangeText[] | undefined;
  const all = () => {
    known ??= strangeTexts(text);
    return known;
  };
  const offsetOf = ({ line, column }: Problem) => (lines.lineStarts[line - 1] ?? 0) + column - 1;
  const placeOf = ({ at }: StrangeText) => {
    const { line, col } = lines.linePos(at);
    return { line, column: col };
  };
  const sentence = ({ names: [first, ...more] }: StrangeText, where: string) =>
    `${first} stands ${where}${more.length > 0 ? `, and so does ${more.join(', ')}` : ''}`;

  return {
    inPlaceOf(errors) {
      const blamed = all().filter(strange => {
        const first = lines.linePos(strange.start).line;
        const last = lines.linePos(strange.end).line;
        return errors.some(({ line }) => line >= first && line <= last);
      });
      if (blamed.length === 0) return errors;
      // The parser has lost the thread at the first of them.
      return blamed.slice(0, 1).map(strange => ({
        ...{ file, path: '', ...placeOf(strange) },
        message: `${sentence(strange, 'here')}, ${strange.advice}`,
      }));
    },
    explain(problems) {
      const blamed = new Map<Problem, StrangeText>();
      for (const problem of problems) {
        const offset = offsetOf(problem);
        const strange = all().find(({ start, end }) => offset >= start && offset < end);
        if (strange) blamed.set(problem, strange);
      }
      if (blamed.size === 0) return problems;
      // A blank that is none, in front of a key, leaves the key above without its value.
      const emptied = [...blamed.values()]
        .filter(({ start, at }) => start === at)
        .map(text => placeOf(text).line - 1);
      return problems.flatMap(problem => {
        const strange = blamed.get(problem);
        if (strange === undefined)
          return problem.path === '' || emptied.includes(problem.line) ? [] : [problem];
        const { line, column } = placeOf(strange);
        const note = `${sentence(strange, `at ${file}:${line}:${column}`)}, ${strange.advice}`;
        return [{ ...problem, message: `${problem.message}; ${note}` }];
      });
    },
  };
}
