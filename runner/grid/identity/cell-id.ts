/** Identity of a cell. */
import { defaultObjective } from '../../../trainer/contract/defaults.js';
import type { RunSpec } from '../../../trainer/contract/run-spec.js';
import { canonicalJson } from './canonical-json.js';
import { sha256 } from './sha256.js';

/** Keys of a RunSpec in the order of canonical JSON; the type makes a forgotten one an error. */
const keys = Object.keys({
  augmentation: true,
  data: true,
  init: true,
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

/** Where data and weights lie, and which files of a trainer are watched, is no part of the identity. */
const places: Partial<Record<keyof RunSpec, string>> = {
  data: 'root',
  init: 'from',
  trainer: 'inputs',
};

function sectionText(key: keyof RunSpec, value: unknown): string {
  if (typeof value !== 'object' || value === null) return `"${key}":${canonicalJson(value)}`;
  const known = texts[key]!.get(value);
  if (known !== undefined) return known;
  const place = places[key];
  const identity = place === undefined ? value : { ...value, [place]: undefined };
  const text = `"${key}":${canonicalJson(identity)}`;
  if (Object.isFrozen(value)) texts[key]!.set(value, text);
  return text;
}

/**
 * The objective is no part of the identity, either: a cell is trained alike whatever it is ranked by. Ids once were hashes of it,
 * too, so this one stands for all, and cells that were ranked by it have the ids that they always had.
 */
const anyObjective = Object.freeze({ ...defaultObjective });

/**
 * The first 16 hex digits of the SHA-256 of the spec's canonical JSON (see canonical-json.ts) without
 * `data.root`, `init.from`, and `trainer.inputs`, and with the default objective. What a frozen section holds must be frozen, too.
 */
export function cellIdOf(spec: Readonly<RunSpec>): string {
  return hashOf({ ...spec, objective: anyObjective });
}

/** The id that the cell had while its objective was a part of its identity. */
export const formerCellIdOf = (spec: Readonly<RunSpec>): string => hashOf(spec);

function hashOf(spec: Readonly<RunSpec>): string {
  let text = '';
  for (const key of keys) text += `${text === '' ? '{' : ','}${sectionText(key, spec[key])}`;
  return sha256(`${text}}`).slice(0, 16);
}
