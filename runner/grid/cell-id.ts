/** Identity of a cell. */
import type { RunSpec } from '../../trainer/contract/run-spec.js';
import { canonicalJson } from './canonical-json.js';
import { sha256 } from './sha256.js';

/** Keys of a RunSpec in the order of canonical JSON; the type makes a forgotten one an error. */
const keys = Object.keys({
  augmentation: true,
  data: true,
  model: true,
  objective: true,
  optimizer: true,
  params: true,
  scheduler: true,
  seed: true,
  train: true,
  trainer: true,
  version: true,
} satisfies Record<keyof RunSpec, true>).sort() as (keyof RunSpec)[];

/** Cells share their sections, so each is written only once; only frozen ones, since those can't change. */
const texts = Object.fromEntries(keys.map(key => [key, new WeakMap<object, string>()]));

function sectionText(key: keyof RunSpec, value: unknown): string {
  if (typeof value !== 'object' || value === null) return `"${key}":${canonicalJson(value)}`;
  const known = texts[key]!.get(value);
  if (known !== undefined) return known;
  // Where the data lies is no part of the identity.
  const identity = key === 'data' ? { ...value, root: undefined } : value;
  const text = `"${key}":${canonicalJson(identity)}`;
  if (Object.isFrozen(value)) texts[key]!.set(value, text);
  return text;
}

/**
 * The first 16 hex digits of the SHA-256 of the spec's canonical JSON (see canonical-json.ts) without
 * `data.root`. What a frozen section holds must be frozen, too.
 */
export function cellIdOf(spec: Readonly<RunSpec>): string {
  let text = '';
  for (const key of keys) text += `${text === '' ? '{' : ','}${sectionText(key, spec[key])}`;
  return sha256(`${text}}`).slice(0, 16);
}
