/** YAML text → plain values, and the way back from a path in them to its line and column. */
import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import type { GridSource } from '../domain/grid.js';
import type { NodePath, Position } from '../domain/problem.js';
import { parseYaml } from './parse-yaml.js';

/** @throws GridError (see parse-yaml.ts) */
export function parseSource(file: string, text: string): { value: unknown; source: GridSource } {
  const { document, value, lines } = parseYaml(file, text);

  const find: GridSource['find'] = (path, part = 'value') => {
    const found = path.reduce<Child | undefined>(
      (parent, step) => parent && child(document, parent.value, step),
      { key: null, value: document.contents },
    );
    // The null of a key without value has no place of its own.
    const node = part === 'key' || found?.value === null ? (found?.key ?? found?.value) : found?.value;
    const range = (node as Node | null | undefined)?.range;
    if (!range) return undefined;
    const { line, col } = lines.linePos(range[0]);
    return { line, column: col };
  };

  const locate = (path: NodePath, part?: 'key' | 'value'): Position => {
    for (let length = path.length; length >= 0; length--) {
      const found = find(path.slice(0, length), length === path.length ? part : 'value');
      if (found) return found;
    }
    return { line: 1, column: 1 };
  };

  return { value, source: { file, find, locate } };
}

interface Child {
  key: unknown;
  value: unknown;
}

/** What is below a node, through aliases and merge keys. */
function child(document: Document, parent: unknown, step: string | number): Child | undefined {
  const node = isAlias(parent) ? parent.resolve(document) : parent;
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? undefined : { key: item, value: item };
  }
  if (!isMap(node)) return undefined;
  const name = (key: unknown) => (isScalar(key) ? key.value : key);
  const pair = node.items.find(({ key }) => String(name(key)) === String(step));
  if (pair) return pair;
  const merged = node.items
    .filter(({ key }) => name(key) === '<<' || typeof name(key) === 'symbol')
    .map(({ value }) => (isAlias(value) ? value.resolve(document) : value))
    .flatMap(value => (isSeq(value) ? value.items : [value]));
  for (const source of merged) {
    const found = child(document, source, step);
    if (found) return found;
  }
  return undefined;
}
