import { Lexer } from 'yaml';

/** No grid comes near; V8 can end the process, not only throw, where a recursive parser fills the stack. */
const maxDepth = 200;

/** The lexer's mark before the text of a scalar. */
const scalarMark = '\x1f';

/** Marks that stand for no text. */
const marks = [scalarMark, '\x02', '\x18'];

/**
 * Offset at which YAML text may nest too deeply to be parsed: open brackets and, on one line, indentation and
 * list dashes, each of which is at most one level. Looks at tokens only, and no further than that place.
 */
export function tooDeepAt(text: string): number | undefined {
  let offset = 0;
  let flow = 0;
  let block = 0;
  let isLineStart = true;
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    if (!isScalar) {
      if (token === '[' || token === '{') flow++;
      else if (token === ']' || token === '}') flow--;
      else if (token === '-' || token === '?') block++;
      else if (isLineStart && /^ +$/.test(token)) block = token.length;
      if (flow + block > maxDepth) return offset;
    }
    isScalar = token === scalarMark;
    isLineStart = token.endsWith('\n');
    if (isLineStart) block = 0;
    if (!marks.includes(token)) offset += token.length;
  }
  return undefined;
}
