import { modelEntries as entriesOfModels } from '../../trainer/contract/answer-schemas.js';
import type { ModelEntry } from '../../trainer/contract/freeze.js';
import type { Component } from '../../trainer/contract/run-spec.js';
import type { Ask } from './ask-trainer.js';

/** Asks the trainer what is in the state dict of each model. */
export async function modelEntries(
  models: readonly Component[],
  ask: Ask,
): Promise<Map<Component, readonly ModelEntry[]>> {
  const answer = await ask<ModelEntry[][]>({
    mode: ['entries'],
    request: models,
    answer: entriesOfModels,
    failure: 'the models can’t be looked at',
  });
  return new Map(models.map((model, index) => [model, answer[index]!]));
}
