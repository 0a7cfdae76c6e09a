/** YAML 1.2 text with merge keys (`<<`) → plain values, or every syntax problem in words. */
import { type Document, LineCounter, parseDocument } from 'yaml';
import { GridError, type NodePath, type Problem } from '../domain/problem.js';
import { tooDeepAt } from './nesting.js';
import { readNodes } from './read-nodes.js';

export interface ParsedYaml {
  value: unknown;
  /** Of offsets in the text. */
  lines: LineCounter;
  /** Where the first value begins. */
  start: number;
}

/**
 * @param file name for messages
 * @param holdsLabels whether the keys of the mapping at a path are labels (see read-nodes.ts)
 * @throws GridError for tabs, repeated keys, several documents, unknown tags and aliases, alias bombs, …
 */
export function parseYaml(
  file: string,
  text: string,
  holdsLabels: (at: NodePath) => boolean = () => false,
): ParsedYaml {
  const lines = new LineCounter();
  const problems: Problem[] = [];
  const problem = (offset: number, message: string): void => {
    const { line, col } = lines.linePos(offset);
    problems.push({ file, line: Math.max(line, 1), column: Math.max(col, 1), path: '', message });
  };
  const throwIfAny = () => {
    if (problems.length > 0) throw new GridError(problems);
  };
  const deep = tooDeepAt(text);
  if (deep !== undefined) {
    lines.addNewLine(0);
    for (const { index } of text.slice(0, deep).matchAll(/\n/g)) lines.addNewLine(index + 1);
    problem(deep, 'is nested too deeply');
    throwIfAny();
  }
  const document: Document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    logLevel: 'error',
    // read-nodes.ts looks: 1 and "1" are one key, and 1.1 and 1.10 may be two labels.
    uniqueKeys: false,
  });
  for (const { code, message, pos } of [...document.errors, ...document.warnings])
    problem(pos[0], wording[code] ?? message);
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
  return { value, lines, start: document.contents?.range?.[0] ?? 0 };
}

/** By the parser's error code. */
const wording: Record<string, string> = {
  TAB_AS_INDENT: 'tabs may not be used for indentation; use spaces',
  MULTIPLE_DOCS: 'a second document begins here; a grid file holds one',
};
