import { warmStartReports as answer } from '../../trainer/contract/answer-schemas.js';
import type { WarmStart, WarmStartReport } from '../../trainer/contract/warm-start.js';
import type { Ask } from './ask-trainer.js';

/** Asks the trainer how the weights fit the models; reports in the order of `starts`. */
export async function warmStartReports(starts: readonly WarmStart[], ask: Ask): Promise<WarmStartReport[]> {
  if (starts.length === 0) return [];
  return ask({
    mode: ['warm-starts'],
    request: starts,
    answer,
    failure: 'the weights of init can’t be looked at',
  });
}
