/** The part of JSON Schema that the parameter tables use, and short words to write it. */
export interface Schema {
  type?: string | string[];
  description?: string;
  default?: unknown;
  enum?: readonly unknown[];
  const?: unknown;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  exclusiveMaximum?: number;
  items?: Schema;
  prefixItems?: Schema[];
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  pattern?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  anyOf?: Schema[];
}

/** Parameters of one component: name → schema. One without `default` must be given. */
export type Parameters = Record<string, Schema>;

type Bounds = Pick<Schema, 'minimum' | 'exclusiveMinimum' | 'maximum' | 'exclusiveMaximum'>;

export const number = (value: number, bounds: Bounds, description: string): Schema => ({
  type: 'number',
  default: value,
  ...bounds,
  description,
});
export const integer = (value: number, bounds: Bounds, description: string): Schema => ({
  type: 'integer',
  default: value,
  ...bounds,
  description,
});
export const boolean = (value: boolean, description: string): Schema => ({
  type: 'boolean',
  default: value,
  description,
});
export const choice = (value: string, values: readonly string[], description: string): Schema => ({
  type: 'string',
  default: value,
  enum: values,
  description,
});
export const pair = (value: [number, number], bounds: Bounds, description: string): Schema => ({
  type: 'array',
  default: value,
  items: { type: 'number', ...bounds },
  minItems: 2,
  maxItems: 2,
  description,
});
export const mapping = (
  description: string,
  properties: Record<string, Schema>,
  required: string[] = [],
): Schema => ({ type: 'object', description, properties, required, additionalProperties: false });
/** The same schema, with null allowed and as its default. */
export const nullable = (schema: Schema): Schema => ({
  ...schema,
  type: [schema.type as string, 'null'],
  default: null,
});
/** The same schema without a default: the user must give it. */
export const required = (schema: Schema): Schema => {
  const { default: _, ...rest } = schema;
  return rest;
};

/** `value` with the defaults of the mappings below it filled in: `{steps: 6}` → `{steps: 6, alpha: 0.5}`. */
export function withDefaults(schema: Schema, value: unknown): unknown {
  if (!schema.properties || typeof value !== 'object' || value === null) return value;
  const given = value as Record<string, unknown>;
  const filled = Object.entries(schema.properties).flatMap(([key, child]) => {
    const own = given[key] === undefined ? structuredClone(child.default) : given[key];
    return own === undefined ? [] : [[key, withDefaults(child, own)] as const];
  });
  return { ...given, ...Object.fromEntries(filled) };
}
