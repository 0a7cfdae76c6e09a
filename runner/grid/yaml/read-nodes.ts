/** Nodes of a YAML document → plain values that remember how they were written (written.ts). */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { NodePath } from '../../domain/problem.js';
import { describeValue } from './check-value.js';
import { type Entry, entriesOf, rememberList, rememberMapping } from './written.js';

/** An alias may be used often, but a bomb multiplies: ten levels of ten are ten thousand million. */
const maxAliasedValues = 1_000_000;
/** Through aliases, too: V8 can end the process, not only throw, where recursion fills the stack. */
const maxDepth = 1000;

const plainTags = ['str', 'int', 'float', 'bool', 'null', 'map', 'seq', 'merge'];
const tagPrefix = 'tag:yaml.org,2002:';

export interface NodeReaderOptions {
  /** Whether the keys of the mapping at a path are labels: text as written. Other keys are what YAML reads. */
  holdsLabels(at: NodePath): boolean;
  /** Takes what is wrong; reading goes on. */
  problem(offset: number, message: string): void;
  /** `file:line:column`, to name a second place in a message. */
  place(offset: number): string;
}

interface Read {
  value: unknown;
  /** How a scalar was written; empty of a null that isn't written. */
  text: string | undefined;
  /** Number of values in it, itself included. */
  size: number;
  depth: number;
}

const nothing: Read = { value: null, text: '', size: 1, depth: 1 };

/** Reports repeated keys, keys that are no text, foreign tags, unknown aliases, alias bombs and merges of what is no mapping. */
export function readNodes(document: Document, options: NodeReaderOptions): unknown {
  return new NodeReader(options).read(document.contents as Node | null, []).value;
}

class NodeReader {
  /** By anchor: the last node above that has it; null inside of that node. */
  readonly #anchors = new Map<string, Read | null>();
  readonly #options: NodeReaderOptions;
  #aliasedValues = 0;
  #firstAlias = -1;

  constructor(options: NodeReaderOptions) {
    this.#options = options;
  }

  read(node: Node | null, at: NodePath): Read {
    if (node === null) return nothing;
    if (isAlias(node)) return this.#alias(node);
    const { tag, anchor } = node as Scalar | YAMLMap | YAMLSeq;
    if (tag !== undefined && !plainTags.includes(tag.replace(tagPrefix, '')))
      this.#options.problem(startOf(node, 0), `unknown tag ${tag.replace(tagPrefix, '!!')}`);
    if (anchor !== undefined) this.#anchors.set(anchor, null);
    let read = isMap(node) ? this.#mapping(node, at) : isSeq(node) ? this.#list(node, at) : scalar(node);
    if (read.depth > maxDepth) {
      this.#options.problem(startOf(node, 0), 'is nested too deeply');
      read = nothing;
    }
    if (anchor !== undefined) this.#anchors.set(anchor, read);
    return read;
  }

  #alias(alias: Alias): Read {
    const offset = startOf(alias, 0);
    const name = alias.source;
    const target = this.#anchors.get(name);
    if (this.#firstAlias < 0) this.#firstAlias = offset;
    if (target === undefined) this.#options.problem(offset, `no anchor &${name} stands above this alias`);
    if (target === null) this.#options.problem(offset, `the alias *${name} stands inside of what it means`);
    if (!target || this.#aliasedValues > maxAliasedValues) return nothing;
    this.#aliasedValues += target.size;
    if (this.#aliasedValues <= maxAliasedValues) return target;
    this.#options.problem(
      this.#firstAlias,
      'aliases multiply beyond any use (a "YAML bomb"); write the values out',
    );
    return nothing;
  }

  #list(node: YAMLSeq, at: NodePath): Read {
    const reads = node.items.map((item, index) => this.read(item as Node | null, [...at, index]));
    const entries = reads.map(({ value, text }, index): Entry => {
      const key = String(index);
      const offset = startOf(node.items[index], startOf(node, 0));
      return { key, keyText: key, plainKey: key, value, text, keyOffset: offset, valueOffset: offset };
    });
    return collection(rememberList(entries), reads);
  }

  #mapping(node: YAMLMap, at: NodePath): Read {
    const keyOf = this.#options.holdsLabels(at) ? labelOf : settingOf;
    const entries = new Map<string, Entry>();
    const own = new Set<string>();
    const reads: Read[] = [];
    for (const { key, value } of node.items as Pair<Node | null, Node | null>[]) {
      if (isMerge(key)) {
        for (const merged of this.#merge(value, startOf(key, 0), at, reads)) {
          const name = keyOf(merged);
          if (!entries.has(name)) entries.set(name, { ...merged, key: name });
        }
        continue;
      }
      const entry = this.#pair(key, value, startOf(node, 0), at, keyOf, reads);
      if (entry === undefined) continue;
      const first = entries.get(entry.key);
      if (own.has(entry.key)) this.#repeated(entry, first!);
      // What a merge brings is overridden in its place.
      else entries.set(entry.key, entry);
      own.add(entry.key);
    }
    return collection(rememberMapping([...entries.values()]), reads);
  }

  #pair(
    keyNode: Node | null,
    valueNode: Node | null,
    start: number,
    at: NodePath,
    keyOf: (entry: Entry) => string,
    reads: Read[],
  ): Entry | undefined {
    const keyOffset = startOf(keyNode, startOf(valueNode, start));
    const name = this.read(keyNode, at);
    if (name.text === undefined) {
      this.#options.problem(keyOffset, `a key must be text, got ${describeValue(name.value)}`);
      return undefined;
    }
    const plainKey = name.value === null ? '' : String(name.value);
    const draft: Entry = {
      ...{ key: '', keyText: name.text, plainKey, value: null, text: undefined },
      ...{ keyOffset, valueOffset: startOf(valueNode, keyOffset) },
    };
    const key = keyOf(draft);
    const { value, text } = this.#kept(this.read(valueNode, [...at, key]), reads);
    return { ...draft, key, value, text };
  }

  #kept(read: Read, reads: Read[]): Read {
    reads.push(read);
    return read;
  }

  /** What `<<` brings: of several mappings the first one that has a key. */
  #merge(node: Node | null, keyOffset: number, at: NodePath, reads: Read[]): Entry[] {
    const { value } = this.#kept(this.read(node, at), reads);
    return (Array.isArray(value) ? value : [value]).flatMap(source => {
      if (typeof source === 'object' && source !== null && !Array.isArray(source)) return entriesOf(source);
      this.#options.problem(
        startOf(node, keyOffset),
        `<< takes in a mapping or a list of mappings, got ${describeValue(source)}`,
      );
      return [];
    });
  }

  #repeated(entry: Entry, first: Entry): void {
    const text = entry.keyText === first.keyText ? '' : `, as ${first.keyText} and as ${entry.keyText}`;
    this.#options.problem(
      entry.keyOffset,
      `the key is there twice${text}: first at ${this.#options.place(first.keyOffset)}; each may be given once`,
    );
  }
}

const labelOf = ({ keyText }: Entry): string => keyText;
const settingOf = ({ plainKey }: Entry): string => plainKey;

const startOf = (node: unknown, otherwise: number): number =>
  (node as Node | null | undefined)?.range?.[0] ?? otherwise;

/** `<<` as PyYAML and YAML 1.1 have it; in quotes it is a key like any other. */
const isMerge = (key: Node | null): boolean =>
  isScalar(key) &&
  (typeof key.value === 'symbol' || (key.value === '<<' && (key.type ?? Scalar.PLAIN) === Scalar.PLAIN));

function scalar(node: Node): Read {
  const { value, source } = node as Scalar;
  const text = typeof value === 'string' ? value : (source ?? String(value));
  return { value, text, size: 1, depth: 1 };
}

function collection(value: object, reads: readonly Read[]): Read {
  let size = 1;
  let depth = 0;
  for (const read of reads) {
    size += read.size;
    depth = Math.max(depth, read.depth);
  }
  return { value, text: undefined, size, depth: depth + 1 };
}
