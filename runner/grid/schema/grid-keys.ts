/** The keys of a grid file that are no settings. */
import type { Schema } from '../../../trainer/contract/schema.js';
import { integer, nullable, number } from '../../../trainer/contract/schema.js';
import { namedSettings, parseExpectation } from '../../domain/expectation.js';
import { type Dimension, type Limits, type Sample, sections } from '../../domain/grid.js';
import { defaultRetryPolicy, type RetryPolicy, type RetryRule } from '../../domain/retry-policy.js';
import { isMapping } from '../settings/components.js';
import { stoppingSchema } from '../stopping/stopping-schema.js';
import { checkValue } from '../yaml/check-value.js';
import { suggestion } from '../yaml/nearest.js';
import type { Reporter } from '../yaml/reporter.js';

const retryRule: Record<keyof RetryRule, Schema> = {
  attempts: {
    type: 'integer',
    minimum: 1,
    maximum: 100,
    description: 'Runs of a cell in all; 1: no second try',
  },
  backoffSeconds: {
    type: 'number',
    minimum: 0,
    description: 'Pause before the second run; doubles before each further one',
  },
};
const mapping = (
  description: string,
  properties: Record<string, Schema>,
  required: string[] = [],
): Schema => ({
  type: 'object',
  description,
  properties,
  required,
  additionalProperties: false,
});

/** An hour: time to make room, and no `grid run` of a timetable hangs for ever. */
const defaultWaitSeconds = 3600;

/** Failures that may not come again; a rule without class is for these. */
const transient = ['outOfMemory', 'crash', 'lostSlot'] as const;

/** Schema of each key that is no setting and has a plain shape. */
export const gridKeySchemas = {
  name: {
    type: 'string',
    pattern: '^[\\p{L}\\p{N}][\\p{L}\\p{N} ._-]{0,99}$',
    description:
      'must be a name of up to 100 letters, digits, spaces, dots, dashes and underscores that begins with a letter or digit',
  },
  description: { type: 'string', description: 'What the grid is to find out' },
  note: { type: 'string', description: 'Anything else' },
  expect: {
    type: 'array',
    items: { type: 'string', minLength: 1 },
    description:
      'What you expect of it: "r34 > r18 by 1", values of axes (several with commas between); kept with the cells that are trained and scored by `grid report`. No part of a cell',
  },
  exclude: {
    type: 'array',
    items: { type: 'object' },
    description: 'Partial matches (axis → label, value or a list of them) that are taken out of the product',
  },
  include: {
    type: 'array',
    items: { type: 'object' },
    description: 'Cells beside the product: settings put on the base',
  },
  sample: mapping(
    'A reproducible part of the product',
    {
      count: { type: 'integer', minimum: 1, description: 'Number of cells' },
      seed: integer(0, { minimum: 0 }, 'Another seed draws other cells'),
    },
    ['count'],
  ),
  retry: mapping(
    'How often a failed cell is run again; a rule for all transient failures (outOfMemory, crash, lostSlot) and for single classes',
    {
      ...retryRule,
      ...Object.fromEntries(
        Object.keys(defaultRetryPolicy).map(key => [key, mapping(`Rule for ${key}`, retryRule)]),
      ),
    },
  ),
  limits: mapping('Limits of a run', {
    cellTimeoutSeconds: nullable(
      number(1, { exclusiveMinimum: 0 }, 'A run that takes longer fails (class timeout)'),
    ),
    waitSeconds: number(
      defaultWaitSeconds,
      { minimum: 0 },
      'So long a slot waits for the machine (a full disk, an engine or a permission that is missing) before it is taken out of use',
    ),
  }),
  stopping: { ...stoppingSchema, type: ['object', 'null'] },
} satisfies Record<string, Schema>;

const topLevelKeys: readonly string[] = [...Object.keys(gridKeySchemas), ...sections, 'axes'];

/** Reports unknown keys and keys of a wrong shape. */
export function checkGridKeys(raw: Record<string, unknown>, report: Reporter): void {
  for (const [key, value] of Object.entries(raw)) {
    if (!topLevelKeys.includes(key))
      report.add([key], `unknown key "${key}"${suggestion(key, topLevelKeys, 'keys')}`, 'key');
    // Read with its axes (read-stopping.ts).
    else if (key !== 'stopping' && Object.hasOwn(gridKeySchemas, key))
      checkValue(gridKeySchemas[key as keyof typeof gridKeySchemas], value, [key], report, key);
  }
}

/** The defaults, under the rule without class, under the rules of single classes. */
export function readRetry(raw: unknown): RetryPolicy {
  const policy = structuredClone(defaultRetryPolicy);
  if (!isMapping(raw)) return policy;
  const { attempts, backoffSeconds, ...classes } = raw;
  const general = Object.fromEntries(
    Object.entries({ attempts, backoffSeconds }).filter(([, value]) => value !== undefined),
  );
  for (const key of transient) Object.assign(policy[key], general);
  for (const key of Object.keys(policy) as (keyof RetryPolicy)[])
    if (isMapping(classes[key])) Object.assign(policy[key], classes[key]);
  return policy;
}

export function readSample(raw: unknown): Sample | null {
  return isMapping(raw) ? { count: Number(raw.count), seed: Number(raw.seed ?? 0) } : null;
}

export function readLimits(raw: unknown): Limits {
  const { cellTimeoutSeconds, waitSeconds } = isMapping(raw) ? raw : {};
  return {
    cellTimeoutSeconds: typeof cellTimeoutSeconds === 'number' ? cellTimeoutSeconds : null,
    waitSeconds: typeof waitSeconds === 'number' ? waitSeconds : defaultWaitSeconds,
  };
}

/** `expect`: each with the word in front, as in a note. Reports those that name no values of axes. */
export function readExpect(raw: unknown, dimensions: readonly Dimension[], report: Reporter): string[] {
  if (!Array.isArray(raw)) return [];
  const axes = new Map(
    dimensions.flatMap(({ axes }) =>
      axes.map(({ path, values }) => [path, values.map(({ label }) => label)] as const),
    ),
  );
  return raw.flatMap((entry: unknown, index) => {
    if (typeof entry !== 'string') return [];
    const text = /^expect\s/i.test(entry) ? entry.trim() : `expect ${entry.trim()}`;
    const expectation = parseExpectation(text);
    if (expectation === null || text.includes(';')) {
      report.add(
        ['expect', index],
        `must be "A > B" or "A > B by 1", A and B values of axes, got ${JSON.stringify(entry)}`,
      );
      return [];
    }
    for (const side of [expectation.better, expectation.worse]) {
      const named = namedSettings(side, axes);
      if (typeof named === 'string') report.add(['expect', index], named);
    }
    return [text];
  });
}
