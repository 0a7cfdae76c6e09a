/** Identity of a cell. */
import { createHash } from 'node:crypto';
import type { RunSpec } from '../../trainer/contract/run-spec.js';
import { canonicalJson } from './canonical-json.js';

/** Cells share their sections, so each is written only once; only frozen ones, since those can't change. */
const texts = new WeakMap<object, string>();

function sectionText(value: unknown): string {
  if (typeof value !== 'object' || value === null || !Object.isFrozen(value)) return canonicalJson(value);
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = canonicalJson(value);
  texts.set(value, text);
  return text;
}

const dataTexts = new WeakMap<object, string>();

/** Where the data lies is no part of the identity. */
function dataText(data: RunSpec['data']): string {
  const known = dataTexts.get(data);
  if (known !== undefined) return known;
  const { root: _, ...identity } = data;
  const text = canonicalJson(identity);
  if (Object.isFrozen(data)) dataTexts.set(data, text);
  return text;
}

/**
 * The first 16 hex digits of the SHA-256 of the spec's canonical JSON (see canonical-json.ts) without
 * `data.root`. Objects inside a spec that is handed over frozen must be frozen too.
 */
export function cellIdOf(spec: Readonly<RunSpec>): string {
  const text = Object.entries(spec)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([key, value]) => `${JSON.stringify(key)}:${key === 'data' ? dataText(spec.data) : sectionText(value)}`,
    )
    .join(',');
  return createHash('sha256').update(`{${text}}`).digest('hex').slice(0, 16);
}
