import type { TrainerEvent } from '../../trainer/contract/events.js';
import { reasonOf } from '../domain/failure-words.js';
import { memoryWords } from '../domain/memory-words.js';
import type { RunExit } from './trainer-run.js';

/** An event as a line for the cell's log; undefined where a reader would miss nothing. */
export function wordsOf(event: TrainerEvent): string | undefined {
  switch (event.type) {
    case 'ready':
      return `trainer ${event.trainerVersion} on ${event.engine.name}: ${event.engine.version}, ${event.engine.device}`;
    case 'started': {
      const { parameters, trainImages, validationImages, classes } = event;
      const counts = Object.entries({
        parameters,
        'training images': trainImages,
        'validation images': validationImages,
        classes,
      })
        // Trainers of others may leave them out.
        .filter(([, count]) => count !== undefined)
        .map(([what, count]) => `${count} ${what}`);
      const goesOn = event.resumedFromEpoch > 0 ? [`goes on after epoch ${event.resumedFromEpoch}`] : [];
      return ['started', ...counts, ...goesOn].join(', ');
    }
    case 'epoch':
      return `epoch ${event.epoch}: ${Object.entries(event.metrics)
        .map(([name, value]) => `${name} ${value === null ? 'not finite' : Number(value.toPrecision(5))}`)
        .join(', ')}`;
    case 'completed':
      return 'completed';
    case 'interrupted':
      return `interrupted after epoch ${event.epoch}`;
    case 'warning':
      return `warning: ${event.message}`;
    case 'waiting':
      return `waits: ${event.reason}`;
    case 'memory':
      return `memory: ${memoryWords(event)}`;
    case 'failed':
      return `failed (${event.failure}): ${event.message}`;
    case 'progress':
    case 'checkpoint':
      return undefined;
  }
}

/** The end of a run that no event told, as a line for the cell's log. */
export function wordsOfExit(exit: RunExit): string {
  // What the program said stands above it in the log.
  if (exit.outcome === 'failed') return `failed (${exit.failure.class}): ${reasonOf(exit.failure.message)}`;
  return 'epoch' in exit ? `${exit.outcome} after epoch ${exit.epoch}` : exit.outcome;
}
