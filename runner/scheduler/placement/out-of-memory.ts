/** What is said of a run that ran out of memory. */
import { lastWordsMark, reasonOf } from '../../domain/failure-words.js';
import { sizeWords } from '../../domain/memory-words.js';
import type { Failure } from '../../domain/run.js';

export interface OutOfMemory {
  slotId: string;
  /** How many others had the memory in common with it. */
  beside: number;
  /** The most that it was seen to hold, in MB; undefined: nobody has looked. */
  held: number | undefined;
  /** All that there is where it ran; undefined: not known. */
  whole: number | undefined;
  /** It may be tried alone, or where there is more. */
  mayHaveMore: boolean;
}

/** The failure with where that was, what was seen, and what would help. */
export function outOfMemory(
  failure: Failure,
  { slotId, beside, held, whole, mayHaveMore }: OutOfMemory,
): Failure {
  const [what = '', ...words] = failure.message.split(lastWordsMark);
  const others = beside === 0 ? 'alone' : `beside ${beside} other${beside === 1 ? '' : 's'}`;
  const of = whole === undefined ? '' : ` of ${sizeWords(whole)}`;
  const seen = held === undefined ? '' : `, where it was seen to hold ${sizeWords(held)}${of}`;
  const advice = mayHaveMore
    ? ''
    : '; no slot here has more memory: it takes one that has, or in the grid a smaller batchSize, imageSize or model, or a precision of 16 bits';
  const said = `${reasonOf(what)}; that was ${others} on ${slotId}${seen}${advice}`;
  const rest = words.length > 0 ? words.join(lastWordsMark) : what.includes('\n') ? `\n${what}` : undefined;
  return { ...failure, message: rest === undefined ? said : `${said}${lastWordsMark}${rest}` };
}
