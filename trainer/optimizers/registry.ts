/** Every optimizer by the name that a grid gives it. */
import type { Engine, VariableSet } from '../backend/engine.js';
import type { OptimizerName } from '../contract/params.js';
import type { Component } from '../contract/run-spec.js';
import { adadelta } from './adadelta.js';
import { adagrad } from './adagrad.js';
import { adam } from './adam.js';
import { adamax } from './adamax.js';
import { adamw } from './adamw.js';
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

/** Builds the optimizer of a RunSpec (whose settings the grid has checked). Throws on an unknown name. */
export function createOptimizer(component: Component, engine: Engine, parameters: VariableSet): Optimizer {
  if (!Object.hasOwn(optimizers, component.name))
    throw new Error(
      `optimizer.name: expected one of ${Object.keys(optimizers).join(', ')}, got ${component.name}`,
    );
  const settings = component as unknown as GroupSettings & { lookahead?: LookaheadSettings | null };
  const shapes = new Map(Object.entries(parameters.read()).map(([name, { shape }]) => [name, shape]));
  const target = { engine, parameters, groups: parameterGroups(shapes, settings) };
  const create = optimizers[component.name as OptimizerName] as unknown as OptimizerFactory<GroupSettings>;
  const optimizer = create(settings, target);
  return settings.lookahead ? withLookahead(optimizer, settings.lookahead, target) : optimizer;
}
