/** YAML 1.2 text with merge keys (`<<`) → plain values, or every syntax problem in words. */
import { type Document, LineCounter, parseDocument } from 'yaml';
import { GridError, type NodePath, type Problem } from '../../domain/problem.js';
import { tooDeepAt } from './nesting.js';
import { readNodes } from './read-nodes.js';
import { type StrangeCharacters, strangeCharacters } from './strange-characters.js';

export interface ParsedYaml {
  value: unknown;
  /** Of offsets in the text. */
  lines: LineCounter;
  /** Where the first value begins. */
  start: number;
  strange: StrangeCharacters;
}

/**
 * @param file name for messages
 * @param holdsLabels whether the keys of the mapping at a path are labels (see read-nodes.ts)
 * @throws GridError for tabs, repeated keys, several documents, unknown tags and aliases, alias bombs, …
 */
export function parseYaml(
  file: string,
  written: string,
  holdsLabels: (at: NodePath) => boolean = () => false,
): ParsedYaml {
  // A carriage return alone ends a line, too, but the parser takes it for text.
  const text = written.replaceAll(/\r(?!\n)/g, '\n');
  const lines = lineStartsOf(text);
  let problems: Problem[] = [];
  const problem = (offset: number, message: string): void => {
    const { line, col } = lines.linePos(offset);
    problems.push({ file, line: Math.max(line, 1), column: Math.max(col, 1), path: '', message });
  };
  const throwIfAny = () => {
    if (problems.length > 0) throw new GridError(problems);
  };
  const unread = beforeParsing(text);
  if (unread !== undefined) {
    problem(unread.offset, unread.message);
    throwIfAny();
  }
  const document: Document = parseDocument(text, {
    prettyErrors: false,
    merge: true,
    logLevel: 'error',
    // read-nodes.ts looks: 1 and "1" are one key, and 1.1 and 1.10 may be two labels.
    uniqueKeys: false,
  });
  const strange = strangeCharacters(file, text, lines);
  const { errors, warnings } = document;
  // Where the parser has lost the thread, what follows is no error of its own.
  for (const { code, message, pos } of errors.length > 0 ? errors.slice(0, 1) : warnings)
    problem(pos[0], wording[code] ?? message);
  if (errors.length > 0) problems = [...strange.inPlaceOf(problems)];
  throwIfAny();
  const value = readNodes(document, {
    holdsLabels,
    problem,
    place(offset) {
      const { line, col } = lines.linePos(offset);
      return `${file}:${line}:${col}`;
    },
  });
  throwIfAny();
  if (value === null) {
    problem(0, 'holds no settings, only comments; a grid needs at least a model and an optimizer');
    throwIfAny();
  }
  return { value, lines, start: document.contents?.range?.[0] ?? 0, strange };
}

/** From the text itself: a parser that loses the thread leaves out lines that come after it. */
function lineStartsOf(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (const { index } of text.matchAll(/\n/g)) lines.addNewLine(index + 1);
  return lines;
}

/** What makes a look at the rest useless. */
function beforeParsing(text: string): { offset: number; message: string } | undefined {
  const nul = text.indexOf('\0');
  if (nul >= 0)
    return {
      offset: nul,
      message: 'a NUL (U+0000) stands here, so the file is damaged or no UTF-8 text; save it anew as UTF-8',
    };
  const directive = /^(?:[ \t]*(?:#.*)?\n|%.*\n)*?(%YAML[ \t]+(?!1\.2\s)(\S+))/.exec(text);
  if (directive)
    return {
      offset: directive[0].length - directive[1]!.length,
      message: `asks for YAML ${directive[2]}, but a grid file is YAML 1.2 (in which yes, no, on and off are text, and 010 is 10); leave this line out`,
    };
  const offset = tooDeepAt(text);
  return offset === undefined ? undefined : { offset, message: 'is nested too deeply' };
}

/** By the parser's error code. */
const wording: Record<string, string> = {
  MULTILINE_IMPLICIT_KEY: 'a key must stand on one line, with a colon and a blank after it',
  BLOCK_AS_IMPLICIT_KEY:
    'a second colon on this line: text that holds ": " needs quotes, and a mapping lines of its own',
  TAB_AS_INDENT: 'tabs may not be used for indentation; use spaces',
  MULTIPLE_DOCS: 'a second document begins here; a grid file holds one',
};
