/** Every optimizer by the name that a grid gives it. */

import type { OptimizerName } from '../contract/params.js';
import type { Component } from '../contract/run-spec.js';
import type { Engine, VariableSet } from '../engine/engine.js';
import { adadelta } from './adadelta.js';
import { adagrad } from './adagrad.js';
import { adam } from './adam.js';
import { adamax } from './adamax.js';
import { adamw } from './adamw.js';
import { ascended, type SamSettings } from './ascent.js';
import { type GroupSettings, parameterGroups } from './groups.js';
import { lamb } from './lamb.js';
import { lion } from './lion.js';
import { type LookaheadSettings, withLookahead } from './lookahead.js';
import { muon } from './muon.js';
import { nadam } from './nadam.js';
import type { Optimizer, OptimizerFactory } from './optimizer.js';
import { radam } from './radam.js';
import { rmsprop } from './rmsprop.js';
import { sgd } from './sgd.js';

const optimizers = {
  sgd,
  adam,
  adamw,
  nadam,
  radam,
  adamax,
  rmsprop,
  adagrad,
  adadelta,
  lion,
  lamb,
  muon,
} satisfies Record<OptimizerName, OptimizerFactory<never>>;

/**
 * Builds the optimizer of a RunSpec (whose settings the grid has checked) for the `trainable` parameters. Throws on an
 * unknown name.
 */
export function createOptimizer(
  component: Component,
  engine: Engine,
  parameters: VariableSet,
  trainable: readonly string[] = parameters.names,
): Optimizer {
  if (!Object.hasOwn(optimizers, component.name))
    throw new Error(
      `optimizer.name: expected one of ${Object.keys(optimizers).join(', ')}, got ${component.name}`,
    );
  const settings = component as unknown as GroupSettings & {
    lookahead?: LookaheadSettings | null;
    sam?: SamSettings | null;
  };
  const shapes = new Map(Object.entries(parameters.read()).map(([name, { shape }]) => [name, shape]));
  const trained = new Set(trainable);
  const groups = parameterGroups(shapes, settings).filter(({ name }) => trained.has(name));
  const target = { engine, parameters, groups };
  const create = optimizers[component.name as OptimizerName] as unknown as OptimizerFactory<GroupSettings>;
  const optimizer = create(settings, target);
  const { lookahead, sam } = settings;
  const followed = lookahead ? withLookahead(optimizer, lookahead, target) : optimizer;
  if (!sam) return followed;
  return { ...followed, ascend: (weights, gradients) => ascended(engine, weights, gradients, sam) };
}
