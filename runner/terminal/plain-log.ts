/** A line for each thing that happens: for logs, pipes and CI. */
import { describeFailure, reasonOf } from '../domain/failure-words.js';
import type { SchedulerEvent, SchedulerObserver } from '../domain/scheduler-event.js';
import { cellName, plain, shortId, slotName } from '../text/names.js';
import { formatNumber } from '../text/numbers.js';
import { wordsOfStop } from '../text/stop-words.js';
import { clockTime, timeOfDay } from '../text/times.js';
import { drainMessage, killMessage } from './lines.js';
import type { ShownRuns } from './view.js';

interface Counts {
  readonly cells: number;
  readonly metric: string;
  completed: number;
  failed: number;
  /** Asked of the cell that runs, by slot. */
  epochs: Map<string, number>;
}

/** Writes lines as events come. */
export function plainLog(
  { cells, metric }: Pick<ShownRuns, 'cells' | 'metric'>,
  write: (line: string) => void,
): SchedulerObserver {
  const counts: Counts = { cells, metric, completed: 0, failed: 0, epochs: new Map() };
  return event => {
    if (event.type === 'runStarted') counts.epochs.set(event.slotId, event.epochs);
    if (event.type === 'runEnded' && event.retryInSeconds === undefined) {
      if (event.state === 'completed' || event.state === 'failed') counts[event.state]++;
    }
    const text = describe(event, counts);
    if (text !== undefined) write(`${timeOfDay()} ${text}`);
  };
}

function describe(event: SchedulerEvent, counts: Counts): string | undefined {
  switch (event.type) {
    case 'stopping':
      if (event.limit !== undefined)
        return `${event.limit}: no new cells; the running ones end after their epoch`;
      return event.how === 'drain' ? drainMessage : killMessage;
    case 'broken':
      return `no more cells with ${plain(event.values)}: several came to NaN, none to a result`;
    case 'slotWaiting':
      return `${slotName(event.slotId)} waits for the machine, until ${clockTime(event.untilMs)} at most: ${reasonOf(event.reason)}`;
    case 'slotReady':
      return `${slotName(event.slotId)} goes on`;
    case 'slotBenched':
      return `${slotName(event.slotId)} is taken out of use: ${reasonOf(event.reason)}`;
    case 'slotDrained':
      return `${slotName(event.slotId)} takes no more cells`;
    case 'slotJoined':
      return `${slotName(event.slotId)} has joined (${event.device})`;
    case 'slotNews':
      return plain(event.words);
    case 'slotLeft':
      return `${slotName(event.slotId)} has left: ${reasonOf(event.reason)}`;
    case 'runStarted': {
      const name = Object.keys(event.labels).length === 0 ? '' : ` ${cellName(event.cellId, event.labels)}`;
      return `${place(event)} started${name}${event.attempt > 1 ? `, run ${event.attempt}` : ''}`;
    }
    case 'trainer':
      return describeTrainer(event, counts);
    case 'cellStopped':
      return `${shortId(event.cellId)} ${wordsOfStop(event.reason)}`;
    case 'runEnded': {
      if (event.atRung !== undefined) return `${place(event)} is at its rung (epoch ${event.atRung})`;
      const { completed, failed, cells } = counts;
      const again = event.retryInSeconds === undefined ? '' : `; ${wordsOfRetry(event.retryInSeconds)}`;
      const why = event.failure === undefined ? '' : `: ${describeFailure(event.failure)}`;
      return `${place(event)} ${event.state}${why}${again} (${completed} of ${cells} done${failed > 0 ? `, ${failed} failed` : ''})`;
    }
  }
}

const wordsOfRetry = (seconds: number) => (seconds === 0 ? 'tried again' : `tried again in ${seconds} s`);

function describeTrainer(
  { slotId, cellId, event }: Extract<SchedulerEvent, { type: 'trainer' }>,
  { metric, epochs }: Counts,
): string | undefined {
  switch (event.type) {
    case 'started':
      return event.resumedFromEpoch > 0
        ? `${place({ slotId, cellId })} goes on after epoch ${event.resumedFromEpoch}`
        : undefined;
    case 'epoch': {
      const values = [...new Set(['trainLoss', metric])].filter(name => event.metrics[name] !== undefined);
      const shown = values.map(name => `${name} ${formatNumber(event.metrics[name])}`).join(' ');
      return `${place({ slotId, cellId })} epoch ${event.epoch}/${epochs.get(slotId) ?? '?'} ${shown}`.trimEnd();
    }
    case 'warning':
      return `${place({ slotId, cellId })} warning: ${reasonOf(event.message)}`;
    default:
      return undefined;
  }
}

const place = ({ slotId, cellId }: { slotId: string; cellId: string }) =>
  `${slotName(slotId)} ${shortId(cellId)}`;
