/** Every model by the name that a grid gives it. */
import type { ModelName } from '../contract/params.js';
import type { Component } from '../contract/run-spec.js';
import { resnet20 } from './cifar-resnet.js';
import type { Model, ModelInput } from './model.js';
import type { ResnetParameters } from './residual-network.js';
import { resnet18, resnet34, resnet50 } from './resnet.js';

const models = { resnet18, resnet34, resnet50, resnet20 } satisfies Record<
  ModelName,
  (parameters: ResnetParameters, input: ModelInput) => Model
>;

/** Builds the model of a RunSpec (whose parameters the grid has checked). Throws on an unknown name. */
export function createModel(component: Component, input: ModelInput): Model {
  if (!Object.hasOwn(models, component.name))
    throw new Error(`model.name: expected one of ${Object.keys(models).join(', ')}, got ${component.name}`);
  return models[component.name as ModelName](component as unknown as ResnetParameters, input);
}
