import type { ModelEntry } from '../../trainer/contract/freeze.js';
import type { Component } from '../../trainer/contract/run-spec.js';
import { askTrainer } from './ask-trainer.js';
import type { SlotContext } from './trainer-run.js';

/** Asks the trainer what is in the state dict of each model. */
export async function modelEntries(
  models: readonly Component[],
  { environment }: SlotContext,
): Promise<Map<Component, readonly ModelEntry[]>> {
  const answer = await askTrainer<ModelEntry[][]>({
    mode: ['entries'],
    request: models,
    environment,
    failure: 'the models can’t be looked at',
  });
  return new Map(models.map((model, index) => [model, answer[index]!]));
}
