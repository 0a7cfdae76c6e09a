/** JSON from outside of the process: checked by a schema before it is believed. */
import { createRequire } from 'node:module';
import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';

/** Loaded for the first value that is checked: that takes longer than reading most stores, of which nothing needs it. */
function makeAjv(): Ajv2020 {
  const load = createRequire(import.meta.url);
  const { Ajv2020 } = load('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
  // Its meta-schema would take longer to compile than ours; the compiler has checked them as `Schema`.
  return new Ajv2020({
    allErrors: true,
    verbose: true,
    allowUnionTypes: true,
    meta: false,
    validateSchema: false,
  });
}

let ajv: Ajv2020 | undefined;
const compiled = new WeakMap<object, ValidateFunction>();
/** More problems than these are no help. */
const mostProblems = 5;

/** It is no JSON, or not what was expected. */
export class UnexpectedJsonError extends Error {
  override readonly name = 'UnexpectedJsonError';

  /** `value`: what it stands for; undefined where it is no JSON. */
  constructor(
    message: string,
    readonly value?: unknown,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * The value that the text stands for, which is as the schema says. Throws an UnexpectedJsonError that names the places.
 *
 * @param what for messages: `a DataSpec`
 */
export function checkedJson<T>(text: string, schema: object, what: string): T {
  return checkedValue(parseJson(text, what), schema, what);
}

/** The same of JSON that is parsed already. */
export function checkedValue<T>(value: unknown, schema: object, what: string): T {
  const validate = validatorOf(schema);
  if (validate(value)) return value as T;
  const problems = validate.errors!.map(words);
  const more = problems.length > mostProblems ? [`and ${problems.length - mostProblems} more`] : [];
  throw new UnexpectedJsonError(
    `${what}: ${[...problems.slice(0, mostProblems), ...more].join('; ')}`,
    value,
  );
}

export const fits = (value: unknown, schema: object): boolean => validatorOf(schema)(value);

/** For what can be done without: undefined where the text is no JSON, or not as the schema says. */
export function fittingJson<T>(text: string, schema: object): T | undefined {
  try {
    return checkedJson<T>(text, schema, '');
  } catch {
    return undefined;
  }
}

/** The same as `checkedJson`, by the schema for the value's `type`. */
export function checkedByType<T extends { type: string }>(
  text: string,
  schemas: Readonly<Record<T['type'], object>>,
  what: string,
): T {
  const value = parseJson(text, what);
  const type = (value as { type?: unknown } | null)?.type;
  const types = Object.keys(schemas);
  if (typeof type !== 'string' || !types.includes(type))
    throw new UnexpectedJsonError(
      `${what}: type must be one of ${types.join(', ')}, got ${shown(type)}`,
      value,
    );
  return checkedValue(value, schemas[type as T['type']], `${what} of type ${type}`);
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnexpectedJsonError(`${what}: it must be JSON: ${(error as Error).message}`, undefined, {
      cause: error,
    });
  }
}

function validatorOf(schema: object): ValidateFunction {
  ajv ??= makeAjv();
  const validate = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, validate);
  return validate;
}

/** `spec.train.epochs must be integer, got "3"` */
function words({ instancePath, keyword, params, data, message }: ErrorObject): string {
  const place = instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~');
  if (keyword === 'required') return `${place === '' ? '' : `${place}.`}${params.missingProperty} is missing`;
  return `${place === '' ? 'it' : place} ${expected(keyword, params) ?? message}, got ${shown(data)}`;
}

function expected(keyword: string, params: ErrorObject['params']): string | undefined {
  if (keyword === 'enum') return `must be one of ${params.allowedValues.join(', ')}`;
  if (keyword === 'type') return `must be ${[params.type].flat().join(' or ')}`;
  if (keyword === 'const') return `must be ${shown(params.allowedValue)}`;
  if (keyword === 'minLength') return 'must not be empty';
  return undefined;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
