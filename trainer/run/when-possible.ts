/** Waiting out conditions of the machine, so that an epoch that took hours is not lost to a disk that is full for a minute. */
import { setTimeout as sleep } from 'node:timers/promises';
import { classify } from './failure.js';

export interface Waiting {
  /** Told the condition, once for each time that it stops the work. */
  onWait(reason: string): void;
  /** True once nobody wants to wait any longer. */
  isOver(): boolean;
  /** The first pause in milliseconds; it doubles up to `longestPauseMs`. */
  pauseMs?: number;
}

const longestPauseMs = 15_000;
/** How soon the end of the waiting is noticed. */
const sliceMs = 100;

/** Does the work; as long as a condition of the machine stops it, does it again after a pause. Throws what it throws otherwise, or in the end. */
export async function whenPossible<T>(work: () => Promise<T>, waiting: Waiting): Promise<T> {
  for (let pause = waiting.pauseMs ?? 1000; ; pause = Math.min(2 * pause, longestPauseMs)) {
    try {
      return await work();
    } catch (error) {
      const { failure, message } = classify(error);
      if (failure !== 'environment' || waiting.isOver()) throw error;
      waiting.onWait(message);
    }
    const end = performance.now() + pause;
    while (performance.now() < end && !waiting.isOver()) await sleep(Math.min(sliceMs, pause));
  }
}
