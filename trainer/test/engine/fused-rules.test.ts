/** The kernels that the native engine takes steps with, beside the rules that they stand for. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type OptimizerName, optimizers } from '../../contract/params.js';
import { type Schema, withDefaults } from '../../contract/schema.js';
import type { Engine } from '../../engine/engine.js';
import { createGenericUpdates } from '../../engine/reference/generic-updates.js';
import { type RuleName, updateRules } from '../../engine/update-rules/all.js';
import { createOptimizer } from '../../optimizers/registry.js';
import { onEngine } from '../on-engine.js';
import { tensor } from './engine-tensors.js';

/** Values of an option, at and between its bounds. A new option has some by its schema. */
function valuesOf(schema: Schema): unknown[] {
  const { type, properties, enum: choices, items, minItems, minimum, exclusiveMaximum } = schema;
  if (choices !== undefined) return [...choices];
  if (type === 'boolean') return [false, true];
  if (items !== undefined) {
    const [few, many] = [valuesOf(items), [...valuesOf(items)].reverse()];
    return few.map((value, index) => (minItems === 2 ? [value, many[index]] : [value]));
  }
  if (properties !== undefined) return [null, withDefaults(schema, {})];
  const numbers =
    exclusiveMaximum === 1 || schema.maximum === 1 ? [0.25, 0.5, 0.9, 0.999] : [1e-8, 1e-3, 0.1, 1];
  const least = minimum === 0 ? [0] : [];
  const values = [type].flat().includes('integer') ? [1, 2, 5] : [...least, ...numbers];
  return [type].flat().includes('null') ? [null, ...values] : values;
}

interface Case {
  name: OptimizerName;
  settings: Record<string, unknown>;
}

const names = Object.keys(optimizers) as OptimizerName[];
/** They decide what values a rule's scalars have for a parameter, not what is done with them. */
const decidedBefore = ['learningRate', 'noDecay', 'layerDecay', 'sam'];

const optionsOf = (name: OptimizerName): [option: string, values: unknown[]][] =>
  Object.entries<Schema>(optimizers[name])
    .filter(([option]) => !decidedBefore.includes(option))
    .map(([option, schema]) => [
      option,
      // The kernel adds epsilon to the maximum, the rule to each gradient in it: they are alike where it is small.
      name === 'adamax' && option === 'epsilon' ? [1e-8, 1e-12] : valuesOf(schema),
    ]);

/** What a grid refuses. */
const isAllowed = ({ settings: { nesterov, dampening = 0, momentum = 0 } }: Case) =>
  nesterov !== true || (dampening === 0 && momentum !== 0);

/** Each value of each option alone. */
const alone = (name: OptimizerName): Case[] =>
  optionsOf(name).flatMap(([option, values]) =>
    values
      .map(value => ({ name, settings: { weightDecay: 0.1, [option]: value } }))
      .filter(what => name === 'muon' || isAllowed(what)),
  );

/** Any values of all options together. */
const together: fc.Arbitrary<Case> = fc
  .constantFrom(...names)
  .chain(name =>
    fc
      .record(
        Object.fromEntries(optionsOf(name).map(([option, values]) => [option, fc.constantFrom(...values)])),
      )
      .map(settings => ({ name, settings })),
  )
  .filter(what => what.name === 'muon' || isAllowed(what));

const decay = { weightDecay: 0.1 };
const usual: Case[] = (
  [
    ['sgd', {}],
    ['sgd', { momentum: 0.9, dampening: 0.3, ...decay }],
    ['sgd', { momentum: 0.9, nesterov: true, ...decay }],
    ['adam', decay],
    ['adam', { amsgrad: true, ...decay }],
    ['adamw', decay],
    ['nadam', { decoupledWeightDecay: true, ...decay }],
    ['radam', decay],
    ['adamax', decay],
    ['adagrad', decay],
    ['adadelta', decay],
    ['rmsprop', decay],
    ['rmsprop', { momentum: 0.9, ...decay }],
    ['rmsprop', { momentum: 0.9, centered: true, ...decay }],
    ['lion', decay],
    ['lion', { betas: [0.3, 0.9], ...decay }],
  ] as [OptimizerName, Record<string, unknown>][]
).map(([name, settings]) => ({ name, settings }));

const usualRates = [0.01, 0.01, 0.01, 0, 0.01, 0.01, 0.01, 0.01];
/** By which parameters stay, shrink to nothing and turn round (by a weight decay of 1), too. */
const allRates = [0.01, 0.01, 0, 0.02, 1, 0.01, 2, 0.01];

/** Parameters and state after a step at each rate. `used` gets the names of the rules. */
function trained(
  engine: Engine,
  { name, settings }: Case,
  rates: readonly number[],
  used?: Set<RuleName>,
): number[] {
  const { tf } = engine;
  const parameters = engine.variables({ weight: tensor(engine, [5, 7], 1), bias: tensor(engine, [7], 2) });
  const updates: Engine['updates'] = {
    apply(rule, ...rest) {
      used?.add(rule);
      engine.updates.apply(rule, ...rest);
    },
  };
  const component = withDefaults({ properties: optimizers[name] }, settings) as object;
  const optimizer = createOptimizer({ name, ...component }, { ...engine, updates }, parameters);
  rates.forEach((rate, step) => {
    tf.tidy(() => {
      const gradients = {
        weight: tensor(engine, [5, 7], 10 * (step + 1)),
        bias: tensor(engine, [7], 10 * (step + 1) + 1),
      };
      optimizer.step(gradients, rate);
    });
  });
  const all = { ...parameters.read(), ...optimizer.state() };
  const values = Object.values(all).flatMap(value => [...value.dataSync()]);
  optimizer.dispose();
  parameters.dispose();
  return values;
}

/** How far a value may be from what the rule gives, whose largest value is this. */
type Tolerance = (expected: number, largest: number) => number;
const strict: Tolerance = expected => 2e-6 * (1 + Math.abs(expected));
/** Steps as large as some here make large errors of small ones. */
const loose: Tolerance = (_, largest) => 3e-4 * (1 + largest);

function expectAlike(fused: readonly number[], asRule: readonly number[], tolerance: Tolerance): void {
  expect(fused.length).toBe(asRule.length);
  const largest = Math.max(0, ...asRule.filter(Number.isFinite).map(Math.abs));
  fused.forEach((value, index) => {
    const expected = asRule[index]!;
    if (Number.isFinite(expected))
      expect(Math.abs(value - expected)).toBeLessThan(tolerance(expected, largest));
    else expect(value).toBe(expected);
  });
}

await onEngine('tensorflow', engine => {
  const generic = { ...engine, updates: createGenericUpdates(engine.tf) };
  const used = new Set<RuleName>();
  const compare = (what: Case, rates: readonly number[], tolerance: Tolerance) =>
    expectAlike(trained(engine, what, rates, used), trained(generic, what, rates), tolerance);

  it.each(usual)('$name $settings: the fused kernels do what the rule says', what => {
    compare(what, usualRates, strict);
  });

  it.each(names.flatMap(alone))('$name $settings: also by large rates', what => {
    compare(what, allRates, loose);
  });

  it('and by any options together', () => {
    fc.assert(
      fc.property(together, what => compare(what, allRates, loose)),
      { numRuns: 60, seed: 1 },
    );
  });

  it('every rule was among them', () => {
    // Moving averages and steps up a gradient, which no optimizer takes by itself, follow.
    expect([...new Set([...used, 'average', 'add'])].sort()).toEqual(Object.keys(updateRules).sort());
  });

  it.each([
    ['average', { keep: 0.9, rest: 0.1 }],
    ['average', { keep: 0, rest: 1 }],
    ['average', { keep: 1, rest: 0 }],
    ['average', { keep: 1, rest: 1 }],
    ['average', { keep: 1 - 1e-7, rest: 1e-7 }],
    ['add', {}],
  ] as const)('%s %j: likewise', (name, scalars) => {
    const values = [engine, generic].map(one => {
      const parameters = one.variables({ weight: tensor(one, [5, 7], 1) });
      const gradients = { weight: tensor(one, [5, 7], 2) };
      one.updates.apply(name, { parameters, slots: {} }, gradients, new Map([['weight', scalars]]) as never);
      const after = [...parameters.value('weight').dataSync()];
      one.tf.dispose(gradients);
      parameters.dispose();
      return after;
    });
    values[0]!.forEach((value, index) => {
      expect(Math.abs(value - values[1]![index]!)).toBeLessThan(1e-6);
    });
  });
});
