import { fieldsOf } from './protobuf.js';
import { recordsOf } from './records.js';

/** What a cell's file has in it. */
export interface Written {
  isEmpty: boolean;
  /** The last one that has said that it begins; 0: none has. */
  attempt: number;
  /** The last epoch of it. */
  epoch: number;
  /** How that attempt ended is in it. */
  isEnded: boolean;
}

/** @returns how many bytes are to stay: what a cell begins with and what it ends with count as a whole; and what is in them */
export function readWritten(file: Buffer): { length: number; written: Written } {
  let length = 0;
  const written: Written = { isEmpty: true, attempt: 0, epoch: 0, isEnded: false };
  for (const { data, end } of recordsOf(file)) {
    const fields = new Map(Array.from(fieldsOf(data), ({ field, value }) => [field, value]));
    const step = Number(fields.get(2) ?? 0);
    const session = fields.get(7);
    if (session instanceof Buffer) {
      written.attempt = Number(/attempt (\d+)$/.exec(session.toString('latin1'))?.[1] ?? 0);
      written.epoch = step - 1;
      written.isEnded = false;
    } else if (data.includes('_hparams_/session_start_info')) written.isEmpty = false;
    else if (data.includes('_hparams_/session_end_info')) written.isEnded = true;
    else if (step > written.epoch) written.epoch = step;
    else continue;
    length = end;
  }
  return { length, written };
}
