/** Every model by name with its parameters, and the image sizes that it can take. */
import type { Parameters } from '../schema.js';
import { convnetProblem, convnets } from './convnets.js';
import { transformerProblem, transformers } from './transformers.js';

export const models = { ...convnets, ...transformers } satisfies Record<string, Parameters>;

export type ModelName = keyof typeof models;

/** Why a model can't take images of this size, with the sizes that it can take; undefined if it can. */
export function modelProblem(
  model: { name: string; [key: string]: unknown },
  imageSize: number,
): string | undefined {
  if (Object.hasOwn(convnets, model.name)) return convnetProblem(model as never, imageSize);
  if (Object.hasOwn(transformers, model.name)) return transformerProblem(model, imageSize);
  return undefined;
}
