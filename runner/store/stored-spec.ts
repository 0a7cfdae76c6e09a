import type { RunSpec } from '../../trainer/contract/run-spec.js';
import { anyText, count, integer, oneOf, shape, text } from '../../trainer/contract/shape.js';

const named = shape<{ name: string }>({ name: text });

/** What a RunSpec in the results must say; those of earlier versions and for other programs lack some of the rest. */
export const storedSpec = shape<
  Pick<RunSpec, 'objective' | 'seed' | 'data' | 'model' | 'optimizer' | 'scheduler' | 'train'>
>({
  objective: shape<RunSpec['objective']>({ metric: anyText, direction: oneOf(['maximize', 'minimize']) }),
  seed: integer,
  data: { type: 'object' },
  ...{ model: named, optimizer: named, scheduler: named },
  train: shape<Pick<RunSpec['train'], 'epochs'>>({ epochs: count }),
});
