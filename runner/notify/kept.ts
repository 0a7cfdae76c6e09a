/** What is kept of a channel from one process to the next. */
import type { Schema } from '../../trainer/contract/schema.js';
import { fittingJson } from '../../trainer/files/checked-json.js';
import type { StoreWriter } from '../store/run-store.js';
import type { Told } from './news.js';

export interface Kept {
  /** Id of the message that is the digest; null: there is none. */
  digest: string | null;
  /** What it says; null: not known. */
  text: string | null;
  told: Told;
}

const numbers: Schema = { type: 'object', additionalProperties: { type: 'number' } };
const schema: Schema = {
  type: 'object',
  required: ['digest', 'text', 'told'],
  properties: {
    digest: { type: ['string', 'null'] },
    text: { type: ['string', 'null'] },
    told: {
      type: 'object',
      required: ['best', 'failed', 'runnerMs', 'slots', 'isLow', 'isOver'],
      properties: {
        best: { type: ['number', 'null'] },
        failed: numbers,
        runnerMs: { type: ['number', 'null'] },
        slots: { type: 'object', additionalProperties: { type: 'boolean' } },
        isLow: { type: 'boolean' },
        isOver: { type: 'boolean' },
      },
    },
  },
};

type KeepingStore = Pick<StoreWriter, 'noticeState' | 'keepNoticeState'>;

/** Undefined: nothing that makes sense is kept. */
export function kept(store: KeepingStore, grid: string, channel: string): Kept | undefined {
  const text = store.noticeState(grid, channel);
  return text === null ? undefined : fittingJson<Kept>(text, schema);
}

export const keep = (store: KeepingStore, grid: string, channel: string, state: Kept): void =>
  store.keepNoticeState(grid, channel, JSON.stringify(state));
