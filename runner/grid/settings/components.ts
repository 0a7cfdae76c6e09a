/** Named components (`model`, `optimizer`, `scheduler` and the entries of an augmentation) as a grid writes them. */
import { mixes, models, optimizers, schedulers, transforms } from '../../../trainer/contract/params.js';
import type { Component } from '../../../trainer/contract/run-spec.js';
import { type Parameters, type Schema, withDefaults } from '../../../trainer/contract/schema.js';
import type { NodePath } from '../../domain/problem.js';
import { checkValue, describeValue } from '../yaml/check-value.js';
import { suggestion } from '../yaml/nearest.js';
import type { Reporter } from '../yaml/reporter.js';

export interface ComponentKind {
  /** For messages: `optimizer`. */
  noun: string;
  /** Component name → its parameters. */
  table: Readonly<Record<string, Parameters>>;
}

const modelKind: ComponentKind = { noun: 'model', table: models };
const optimizerKind: ComponentKind = { noun: 'optimizer', table: optimizers };
const schedulerKind: ComponentKind = { noun: 'scheduler', table: schedulers };
export const transformKind: ComponentKind = { noun: 'transform', table: transforms };
export const mixKind: ComponentKind = { noun: 'mix', table: mixes };

/** Kinds that are sections of a grid. */
export const sectionKinds: Readonly<Record<string, ComponentKind>> = {
  model: modelKind,
  optimizer: optimizerKind,
  scheduler: schedulerKind,
};

const objectSchemas = new Map<Parameters, Schema>();

/** Schema of `{name, …parameters}` as written: a parameter without default may come from an axis (resolve.ts looks). */
function componentSchema(kind: ComponentKind, name: string): Schema {
  const parameters = kind.table[name]!;
  let schema = objectSchemas.get(parameters);
  // Components may share one table (the ImageNet ResNets do), so the schema leaves the name open.
  if (schema === undefined) {
    schema = {
      type: 'object',
      properties: { name: { type: 'string' }, ...parameters },
      required: ['name'],
      additionalProperties: false,
    };
    objectSchemas.set(parameters, schema);
  }
  return schema;
}

export const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `adamw` → `{name: 'adamw'}`. */
export const asComponent = (value: unknown): Component =>
  (isMapping(value) ? value : { name: String(value) }) as Component;

/**
 * Reports what is wrong with a component as written: a name, or a mapping with a name and parameters.
 *
 * @param free the names and parameters of an external trainer, which nobody here knows
 */
export function checkComponent(
  kind: ComponentKind,
  value: unknown,
  at: NodePath,
  report: Reporter,
  free: boolean,
): void {
  if (typeof value !== 'string' && !isMapping(value)) {
    report.add(
      at,
      `must be a name or a mapping with one ({name: …}), got ${describeValue(value)}; known: ${Object.keys(kind.table).join(', ')}`,
    );
    return;
  }
  const name = typeof value === 'string' ? value : value.name;
  const nameAt = typeof value === 'string' ? at : [...at, 'name'];
  if (name === undefined) report.add(at, `needs "name"; known: ${Object.keys(kind.table).join(', ')}`);
  else if (typeof name !== 'string') report.add(nameAt, `must be text, got ${describeValue(name)}`);
  else if (free) return;
  else if (!Object.hasOwn(kind.table, name))
    report.add(nameAt, `unknown ${kind.noun} "${name}"${suggestion(name, Object.keys(kind.table))}`);
  else checkValue(componentSchema(kind, name), asComponent(value), at, report, `${kind.noun} ${name}`);
}

/** With every default filled in, in the order of the table. Names that the table lacks stay as they are. */
export function fillComponent(kind: ComponentKind, value: unknown): Component {
  const given = asComponent(value);
  const parameters = Object.hasOwn(kind.table, given.name) ? kind.table[given.name]! : {};
  return withDefaults({ properties: { name: {}, ...parameters } }, given) as Component;
}
