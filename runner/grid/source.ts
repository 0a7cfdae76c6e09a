/** YAML text → plain values, and the way back from a path in them to its line and column. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import type { GridSource } from '../domain/grid.js';
import { GridError, type NodePath, type Position } from '../domain/problem.js';

/** An alias may be used often, but a bomb multiplies: ten levels of ten are ten thousand million. */
const maxAliasCount = 1000;

export interface ParsedSource {
  value: unknown;
  source: GridSource;
}

/**
 * Parses YAML 1.2 with merge keys (`<<`).
 *
 * @param file name for messages
 * @throws GridError with all syntax problems (tabs, duplicate keys, several documents, unknown tags, alias bombs)
 */
export function parseSource(file: string, text: string): ParsedSource {
  const lines = new LineCounter();
  const fail = (offset: number, message: string, cause?: unknown) => {
    const { line, col } = lines.linePos(offset);
    return new GridError([{ file, line: Math.max(line, 1), column: Math.max(col, 1), path: '', message }], {
      cause,
    });
  };
  let document: Document;
  let value: unknown;
  try {
    document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      merge: true,
      logLevel: 'error',
    });
    const problems = [...document.errors, ...document.warnings];
    if (problems.length > 0)
      throw new GridError(
        problems.flatMap(({ code, message, pos }) => fail(pos[0], wording[code] ?? message).problems),
      );
    value = document.toJS({ maxAliasCount });
  } catch (error) {
    if (error instanceof GridError) throw error;
    if (error instanceof ReferenceError && /alias count/.test(error.message))
      throw fail(
        Math.max(0, text.search(/(?<=[\s[,{:-])\*/)),
        'aliases multiply beyond any use (a "YAML bomb"); write the values out',
        error,
      );
    if (error instanceof RangeError) throw fail(0, 'is nested too deeply', error);
    throw fail(0, (error as Error).message, error);
  }
  if (value === null || value === undefined)
    throw fail(0, 'holds no settings, only comments; a grid needs at least a model and an optimizer');

  const find = (path: NodePath, part: 'key' | 'value' = 'value'): Position | undefined => {
    let node: unknown = document.contents;
    let key: unknown;
    for (const step of path) {
      [key, node] = child(document, node, step) ?? [undefined, undefined];
      if (key === undefined && node === undefined) return undefined;
    }
    const wanted = (part === 'key' || node === null ? key : node) ?? node;
    const range = (wanted as Node | undefined)?.range;
    if (!range) return undefined;
    const { line, col } = lines.linePos(range[0]);
    return { line, column: col };
  };
  const locate: GridSource['locate'] = (path, part) => {
    for (let length = path.length; length >= 0; length--) {
      const found = find(path.slice(0, length), length === path.length ? part : 'value');
      if (found) return found;
    }
    return { line: 1, column: 1 };
  };
  return { value, source: { file, find, locate } };
}

const wording: Record<string, string> = {
  TAB_AS_INDENT: 'tabs may not be used for indentation; use spaces',
  DUPLICATE_KEY: 'the key is there twice; each may be given once',
  MULTIPLE_DOCS: 'a second document begins here; a grid file holds one',
};

/** Key and value node below a node, through aliases and merge keys. */
function child(document: Document, parent: unknown, step: string | number): [unknown, unknown] | undefined {
  const node = isAlias(parent) ? parent.resolve(document) : parent;
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? undefined : [item, item];
  }
  if (!isMap(node)) return undefined;
  const pair = (node as YAMLMap).items.find(
    ({ key }) => String(isScalar(key) ? key.value : key) === String(step),
  );
  if (pair) return [pair.key, pair.value];
  for (const { key, value } of (node as YAMLMap).items) {
    if (!isScalar(key) || (key.value !== '<<' && typeof key.value !== 'symbol')) continue;
    const merged = isAlias(value) ? value.resolve(document) : value;
    for (const source of isSeq(merged) ? merged.items : [merged]) {
      const found = child(document, source, step);
      if (found) return found;
    }
  }
  return undefined;
}
