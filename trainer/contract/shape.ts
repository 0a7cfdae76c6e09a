/** Short words for schemas of what travels between programs and lies in files: shapes and types, no bounds of parameters. */
import type { Schema } from './schema.js';

/** Not empty. */
export const text: Schema = { type: 'string', minLength: 1 };
export const anyText: Schema = { type: 'string' };
export const number: Schema = { type: 'number' };
export const integer: Schema = { type: 'integer' };
/** At least 1. */
export const count: Schema = { type: 'integer', minimum: 1 };
/** At least 0. */
export const natural: Schema = { type: 'integer', minimum: 0 };
export const flag: Schema = { type: 'boolean' };
export const any: Schema = {};
export const oneOf = (values: readonly string[]): Schema => ({ type: 'string', enum: values });
export const listOf = (items: Schema): Schema => ({ type: 'array', items });
/** An object with any keys. */
export const recordOf = (values: Schema): Schema => ({ type: 'object', additionalProperties: values });
export const orNull = (schema: Schema): Schema => ({ ...schema, type: [schema.type as string, 'null'] });

/**
 * An object with a schema for each key of `T`; only those that `T` may leave out may be missing. Keys that aren't named are let
 * through: they may be a newer version's.
 */
export const shape = <T extends object>(
  properties: { [K in keyof Required<T>]: Schema },
  optional: OptionalKeys<T>[] = [],
): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter(key => !(optional as string[]).includes(key)),
});
type OptionalKeys<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K & string : never }[keyof T];
