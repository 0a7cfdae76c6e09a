/** One value against one JSON Schema, with what is wrong in words. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Schema } from '../../../trainer/contract/schema.js';
import type { NodePath } from '../../domain/problem.js';
import { suggestion } from '../yaml/nearest.js';
import type { Reporter } from '../yaml/reporter.js';

const ajv = new Ajv2020({ allErrors: true, verbose: true, allowUnionTypes: true });
const compiled = new WeakMap<Schema, ValidateFunction>();

/** `got -0.1`, `got text "1e-3"`, `got a list`. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return `text ${JSON.stringify(value.slice(0, 80))}`;
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a mapping';
  return String(value);
}

/**
 * Reports everything that `schema` doesn't allow of `value`, each at its own node below `at`.
 *
 * @param owner what the keys belong to, for messages: `optimizer adamw`
 * @returns whether the value is valid
 */
export function checkValue(
  schema: Schema,
  value: unknown,
  at: NodePath,
  report: Reporter,
  owner = 'it',
): boolean {
  let validate = compiled.get(schema);
  if (validate === undefined) {
    validate = ajv.compile(schema);
    compiled.set(schema, validate);
  }
  if (validate(value)) return true;
  for (const error of validate.errors ?? []) {
    const node = [...at, ...pointerSteps(error.instancePath, value)];
    if (error.keyword === 'additionalProperties') {
      const key = String(error.params.additionalProperty);
      const known = Object.keys(error.parentSchema?.properties ?? {}).filter(name => name !== 'name');
      report.add([...node, key], `unknown key "${key}" of ${owner}${suggestion(key, known)}`, 'key');
    } else report.add(node, wording(error, owner));
  }
  return false;
}

/** `/hiddenLayers/0` → `['hiddenLayers', 0]`: numbers where the parent is a list. */
function pointerSteps(pointer: string, root: unknown): (string | number)[] {
  let parent = root;
  return pointer
    .split('/')
    .slice(1)
    .map(text => {
      const key = text.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(parent) ? Number(key) : key;
      parent = (parent as Record<string | number, unknown>)[step];
      return step;
    });
}

const typeWords: Record<string, string> = {
  number: 'number',
  integer: 'a whole number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  null: 'null',
};

function wording({ keyword, params, data, message, parentSchema }: ErrorObject, owner: string): string {
  const got = `, got ${describeValue(data)}`;
  switch (keyword) {
    case 'type': {
      // Infinity is a wrong type, too: JSON doesn't have it.
      const types = [params.type].flat() as string[];
      const isOldBoolean = types.includes('boolean') && /^(y|n|yes|no|on|off)$/i.test(String(data));
      const hint = isOldBoolean ? ' (yes, no, on and off are text in YAML 1.2)' : '';
      return `must be ${types.map(type => typeWords[type]).join(' or ')}${got}${hint}`;
    }
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `must be ${params.comparison === '>=' ? '≥' : params.comparison === '<=' ? '≤' : params.comparison} ${params.limit}${got}`;
    case 'enum': {
      const allowed = (params.allowedValues as unknown[]).map(String);
      return `must be one of ${allowed.join(', ')}${got}${typeof data === 'string' ? suggestion(data, allowed).replace(/^; known.*/s, '') : ''}`;
    }
    case 'required':
      return `${owner} needs "${params.missingProperty}"${describeProperty(parentSchema as Schema | undefined, String(params.missingProperty))}`;
    case 'minItems':
    case 'maxItems':
      return `must have ${keyword === 'minItems' ? 'at least' : 'at most'} ${params.limit} entries, got ${(data as unknown[]).length}`;
    case 'minLength':
      return 'must not be empty';
    case 'pattern':
      return `${parentSchema?.description ?? `must match ${params.pattern}`}${got}`;
    default:
      return `${message}${got}`;
  }
}

function describeProperty(schema: Schema | undefined, key: string): string {
  const description = schema?.properties?.[key]?.description;
  return description === undefined ? '' : ` (${description})`;
}
