import type { Schema } from '../../trainer/contract/schema.js';
import type { SendEvery } from '../agents/messages.js';

/** Keys of every entry whose slots agents bring: how often their checkpoints come back. */
export interface SendingKeys {
  checkpoint?: { every?: number | string };
}

const unitSeconds = { s: 1, min: 60, h: 3600 };
const form = /^(\d+(?:\.\d+)?) ?(s|min|h)$/;

export const sendingKeys: Record<keyof SendingKeys, Schema> = {
  checkpoint: {
    type: 'object',
    additionalProperties: false,
    properties: {
      every: {
        type: ['integer', 'string'],
        minimum: 1,
        pattern: form.source,
        default: 1,
        description:
          'Epochs (5), or time ("10 min", "30 s", "1 h"), after which a cell’s newest checkpoint is sent back; new best weights and the last checkpoint always are',
      },
    },
  },
};

export function sendEvery({ checkpoint: { every = 1 } = {} }: SendingKeys): SendEvery {
  if (typeof every === 'number') return { epochs: every };
  const [, amount, unit] = form.exec(every)!;
  return { seconds: Number(amount) * unitSeconds[unit as keyof typeof unitSeconds] };
}
