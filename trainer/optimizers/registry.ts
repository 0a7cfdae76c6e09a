/** Every optimizer by the name that a grid gives it. */
import type { Engine, VariableSet } from '../backend/engine.js';
import type { OptimizerName } from '../contract/params.js';
import type { Component } from '../contract/run-spec.js';
import { createAdam } from './adam.js';
import { createAdamW } from './adamw.js';
import type { Optimizer, OptimizerFactory } from './optimizer.js';
import { createSgd } from './sgd.js';

const optimizers = { sgd: createSgd, adam: createAdam, adamw: createAdamW } satisfies Record<
  OptimizerName,
  OptimizerFactory<never>
>;

/** Builds the optimizer of a RunSpec (whose settings the grid has checked). Throws on an unknown name. */
export function createOptimizer(component: Component, engine: Engine, parameters: VariableSet): Optimizer {
  if (!Object.hasOwn(optimizers, component.name))
    throw new Error(
      `optimizer.name: expected one of ${Object.keys(optimizers).join(', ')}, got ${component.name}`,
    );
  const create = optimizers[component.name as OptimizerName] as unknown as OptimizerFactory<Component>;
  return create(component, engine, parameters);
}
