import type { DataInspection } from '../../trainer/contract/events.js';
import type { DataSpec } from '../../trainer/contract/run-spec.js';
import { askTrainer } from './ask-trainer.js';
import type { SlotContext } from './trainer-run.js';

/** Asks the trainer what the data holds. */
export const inspectData = (
  data: DataSpec,
  { environment }: SlotContext,
  cacheDir: string,
): Promise<DataInspection> =>
  askTrainer({
    mode: ['inspect', '--cache', cacheDir],
    request: data,
    environment,
    failure: "the data can't be inspected",
  });
