/** Every model by the name that a grid gives it. */
import type { ModelName } from '../contract/params.js';
import type { Component } from '../contract/run-spec.js';
import { resnet20, resnet32, resnet56 } from './cifar-resnet.js';
import { convnext } from './convnext.js';
import { densenet121 } from './densenet.js';
import { efficientnetB0 } from './efficientnet.js';
import { mobilenetV3Small } from './mobilenet.js';
import type { Model, ModelInput } from './model.js';
import { resnet18, resnet34, resnet50 } from './resnet.js';
import { swin } from './swin.js';
import { vit } from './vit.js';

/** Each with its own parameters: those of its name in the contract. */
const models = {
  resnet18,
  resnet34,
  resnet50,
  resnet20,
  resnet32,
  resnet56,
  densenet121,
  efficientnetB0,
  mobilenetV3Small,
  convnextAtto: convnext,
  convnextPico: convnext,
  vitTiny: vit,
  vitSmall: vit,
  vitB16: vit,
  vit,
  swinTiny: swin,
  swin,
} satisfies Record<ModelName, (parameters: never, input: ModelInput) => Model>;

/** Builds the model of a RunSpec (whose parameters the grid has checked). Throws on an unknown name. */
export function createModel(component: Component, input: ModelInput): Model {
  if (!Object.hasOwn(models, component.name))
    throw new Error(`model.name: expected one of ${Object.keys(models).join(', ')}, got ${component.name}`);
  return models[component.name as ModelName](component as never, input);
}
