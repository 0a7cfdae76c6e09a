import { dataInspection } from '../../trainer/contract/answer-schemas.js';
import type { DataInspection } from '../../trainer/contract/events.js';
import type { DataSpec } from '../../trainer/contract/run-spec.js';
import type { Ask } from './ask-trainer.js';

/** Asks what the data holds. Decoded data are kept in `cacheDir` for the runs, as long as nothing is wrong with them. */
export const inspectData = (data: DataSpec, ask: Ask, cacheDir: string): Promise<DataInspection> =>
  ask({
    mode: ['inspect', '--cache', cacheDir],
    request: data,
    answer: dataInspection,
    failure: "the data can't be inspected",
  });
