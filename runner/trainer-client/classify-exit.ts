import { trainerExitCodes } from '../../trainer/contract/exit-codes.js';
import { conditionInWords, machineCondition } from '../../trainer/contract/machine-conditions.js';
import { lastWordsMark } from '../domain/failure-words.js';
import type { FailureClass } from '../domain/run.js';
import type { RunReport } from './run-report.js';
import type { RunExit } from './trainer-run.js';

/** What is known when a trainer's process ended without an event that ends the run. */
export interface ProcessOutcome {
  exitCode: number | undefined;
  signal: string | undefined;
  /** It could not be started. */
  error: string | undefined;
  /** The condition of the machine that this comes of, if it does. */
  condition: string | undefined;
  /** False: the shared trainer, and it ended before its engine was loaded, so before it read of any run. */
  cameUp: boolean;
  /** Exit code 0 ends the run well: true for a trainer that serves one run. */
  endsWithRun: boolean;
  drained: boolean;
  killed: boolean;
  /** The kernel has just killed something for want of memory, or the run held nearly all that there is. */
  wantsMemory: boolean;
  /** Finished epochs reported so far. */
  epoch: number;
  /** End of its stderr. */
  lastWords: string;
  /** A line, not long before, that says that memory ran out. */
  wantOfMemory: string | undefined;
}

/** What a program does once it was asked to end is no crash, unless its exit code says what it is. */
const saysWhy = new Set<number | undefined>([
  trainerExitCodes.ok,
  trainerExitCodes.badConfiguration,
  trainerExitCodes.outOfMemory,
  trainerExitCodes.nanLoss,
]);

/** The one place that reads a run's end from a process's end. */
export function classifyExit(outcome: ProcessOutcome): RunExit {
  const { exitCode, signal, epoch } = outcome;
  if (outcome.killed) return { outcome: 'killed', epoch };
  if (outcome.error !== undefined)
    return failed(
      outcome.condition === undefined ? 'badConfiguration' : 'environment',
      `the trainer can't be started: ${outcome.condition ?? outcome.error}`,
    );
  if (exitCode === trainerExitCodes.interrupted || (outcome.drained && !saysWhy.has(exitCode)))
    return { outcome: 'interrupted', epoch };
  if (exitCode === trainerExitCodes.ok && outcome.endsWithRun)
    return { outcome: 'completed', weightsHash: null };
  const words = outcome.lastWords === '' ? '' : `${lastWordsMark}\n${outcome.lastWords}`;
  const after = epoch > 0 ? ` after epoch ${epoch}` : '';
  if (!outcome.cameUp)
    return failed('environment', `the trainer doesn't come up: it ${howItDied(exitCode, signal)}${words}`);
  switch (exitCode) {
    case trainerExitCodes.environment:
      return failed('environment', `the machine stopped the trainer${after}${words}`);
    case trainerExitCodes.badConfiguration:
      return failed('badConfiguration', `the trainer refused the run${words}`);
    case trainerExitCodes.outOfMemory:
      return failed('outOfMemory', `the trainer ran out of memory${after}${words}`);
    case trainerExitCodes.nanLoss:
      return failed('nanLoss', `the loss became NaN${after}${words}`);
    case trainerExitCodes.ok:
      return failed('crash', `the trainer ended before the run did${after}${words}`);
    default:
      if (conditionInWords(outcome.lastWords) !== undefined)
        return failed('environment', `the machine stopped the trainer${after}${words}`);
      if (wasKilled(outcome) && outcome.wantsMemory)
        return failed('outOfMemory', `the system killed the trainer for want of memory${after}${words}`);
      if (outcome.wantOfMemory !== undefined)
        return failed(
          'outOfMemory',
          `the trainer ran out of memory${after}: ${outcome.wantOfMemory}${words}`,
        );
      return failed('crash', `the trainer ${howItDied(exitCode, signal)}${after}${words}`);
  }
}

/**
 * A run that ended well has completed only if it reported what was promised. One that was drained before goes on another
 * time; any other is broken in a way that comes again.
 */
export function believe(exit: RunExit, report: RunReport, drained: boolean): RunExit {
  if (exit.outcome !== 'completed') return exit;
  if (drained && !report.isWhole) return { outcome: 'interrupted', epoch: report.epoch };
  const breach = report.breach();
  return breach === undefined ? exit : failed('badConfiguration', breach);
}

/** A shell or a launcher around the trainer says so by its exit code. */
const wasKilled = ({ exitCode, signal }: Pick<ProcessOutcome, 'exitCode' | 'signal'>): boolean =>
  signal === 'SIGKILL' || exitCode === 128 + 9;

function howItDied(exitCode: number | undefined, signal: string | undefined): string {
  if (signal === 'SIGKILL')
    return 'was killed by SIGKILL (by someone, or by the system for want of memory: see `dmesg`)';
  return signal === undefined ? `ended with exit code ${exitCode}` : `was ended by ${signal}`;
}

const failed = (failure: FailureClass, message: string): RunExit => ({
  outcome: 'failed',
  failure: { class: failure, message },
});

/** Of an error of the slot itself, beside its trainer. */
export function slotFailure(error: unknown): RunExit {
  const condition = machineCondition(error);
  const message = `the slot failed: ${(error as Error).message}`;
  return {
    outcome: 'failed',
    failure: { class: condition === undefined ? 'lostSlot' : 'environment', message },
  };
}
