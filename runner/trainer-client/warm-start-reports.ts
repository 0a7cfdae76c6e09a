import type { WarmStart, WarmStartReport } from '../../trainer/contract/warm-start.js';
import { askTrainer } from './ask-trainer.js';
import type { SlotContext } from './trainer-run.js';

/** Asks the trainer how the weights fit the models; reports in the order of `starts`. */
export async function warmStartReports(
  starts: readonly WarmStart[],
  { environment }: SlotContext,
): Promise<WarmStartReport[]> {
  if (starts.length === 0) return [];
  return askTrainer({
    mode: ['warm-starts'],
    request: starts,
    environment,
    failure: 'the weights of init can’t be looked at',
  });
}
