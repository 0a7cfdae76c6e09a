/** YAML 1.2 text with merge keys (`<<`) → document and plain value, or every syntax problem in words. */
import { type Document, LineCounter, parseDocument } from 'yaml';
import { GridError, type Problem } from '../domain/problem.js';
import { tooDeepAt } from './nesting.js';

/** An alias may be used often, but a bomb multiplies: ten levels of ten are ten thousand million. */
const maxAliasCount = 1000;

export interface ParsedYaml {
  document: Document;
  value: unknown;
  lines: LineCounter;
}

/**
 * @param file name for messages
 * @throws GridError for tabs, duplicate keys, several documents, unknown tags and aliases, alias bombs, …
 */
export function parseYaml(file: string, text: string): ParsedYaml {
  const lines = new LineCounter();
  const problem = (offset: number, message: string): Problem => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), path: '', message };
  };
  const deep = tooDeepAt(text);
  if (deep !== undefined) {
    lines.addNewLine(0);
    for (const { index } of text.slice(0, deep).matchAll(/\n/g)) lines.addNewLine(index + 1);
    throw new GridError([problem(deep, 'is nested too deeply')]);
  }
  let document: Document;
  let value: unknown;
  try {
    document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      merge: true,
      logLevel: 'error',
    });
    const syntax = [...document.errors, ...document.warnings];
    if (syntax.length > 0)
      throw new GridError(
        syntax.map(({ code, message, pos }) => problem(pos[0], wording[code] ?? inWords(message))),
      );
    value = document.toJS({ maxAliasCount });
  } catch (error) {
    if (error instanceof GridError) throw error;
    const { message } = error as Error;
    throw new GridError([problem(aliasOffset(text, message), inWords(message))], { cause: error });
  }
  if (value === null || value === undefined)
    throw new GridError([
      problem(0, 'holds no settings, only comments; a grid needs at least a model and an optimizer'),
    ]);
  return { document, value, lines };
}

/** By the parser's error code. */
const wording: Record<string, string> = {
  TAB_AS_INDENT: 'tabs may not be used for indentation; use spaces',
  DUPLICATE_KEY: 'the key is there twice; each may be given once',
  MULTIPLE_DOCS: 'a second document begins here; a grid file holds one',
};

function inWords(message: string): string {
  if (/alias count/.test(message))
    return 'aliases multiply beyond any use (a "YAML bomb"); write the values out';
  return message;
}

/** Where to look for what an error about aliases means: the alias that it names, or the first one. */
function aliasOffset(text: string, message: string): number {
  const name = /alias.*: (\S+)$/.exec(message)?.[1];
  return Math.max(0, name === undefined ? text.search(/(?<=[\s[,{:-])\*\w/) : text.indexOf(`*${name}`));
}
