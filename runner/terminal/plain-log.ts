/** A line for each thing that happens: for logs, pipes and CI. */
import { describeFailure, reasonOf } from '../domain/failure-words.js';
import type { SchedulerEvent, SchedulerObserver } from '../domain/scheduler-event.js';
import { cellName, shortId, slotName } from '../text/names.js';
import { formatNumber } from '../text/numbers.js';
import { clockTime } from '../text/times.js';
import { drainMessage, killMessage } from './lines.js';
import type { RunModel } from './run-model.js';

/** Writes lines as events come. The model must have taken the event already. */
export function plainLog(model: RunModel, write: (line: string) => void): SchedulerObserver {
  return event => {
    const text = describe(event, model);
    if (text !== undefined) write(`${new Date().toTimeString().slice(0, 8)} ${text}`);
  };
}

function describe(event: SchedulerEvent, model: RunModel): string | undefined {
  switch (event.type) {
    case 'stopping':
      return event.how === 'drain' ? drainMessage : killMessage;
    case 'slotWaiting':
      return `${slotName(event.slotId)} waits for the machine, until ${clockTime(event.untilMs)} at most: ${reasonOf(event.reason)}`;
    case 'slotReady':
      return `${slotName(event.slotId)} goes on`;
    case 'slotBenched':
      return `${slotName(event.slotId)} is taken out of use: ${reasonOf(event.reason)}`;
    case 'runStarted': {
      const name = Object.keys(event.labels).length === 0 ? '' : ` ${cellName(event.cellId, event.labels)}`;
      return `${place(event)} started${name}${event.attempt > 1 ? `, run ${event.attempt}` : ''}`;
    }
    case 'trainer':
      return describeTrainer(event, model);
    case 'runEnded': {
      const { completed, failed, total } = model;
      const again = event.retryInSeconds === undefined ? '' : `; ${wordsOfRetry(event.retryInSeconds)}`;
      const why = event.failure === undefined ? '' : `: ${describeFailure(event.failure)}`;
      return `${place(event)} ${event.state}${why}${again} (${completed} of ${total} done${failed > 0 ? `, ${failed} failed` : ''})`;
    }
  }
}

const wordsOfRetry = (seconds: number) => (seconds === 0 ? 'tried again' : `tried again in ${seconds} s`);

function describeTrainer(
  { slotId, cellId, event }: Extract<SchedulerEvent, { type: 'trainer' }>,
  model: RunModel,
): string | undefined {
  const cell = model.slots.get(slotId)?.cell;
  switch (event.type) {
    case 'started':
      return event.resumedFromEpoch > 0
        ? `${place({ slotId, cellId })} goes on after epoch ${event.resumedFromEpoch}`
        : undefined;
    case 'epoch': {
      const { metric } = model.objective;
      const values = [...new Set(['trainLoss', metric])].filter(name => event.metrics[name] !== undefined);
      const shown = values.map(name => `${name} ${formatNumber(event.metrics[name])}`).join(' ');
      return `${place({ slotId, cellId })} epoch ${event.epoch}/${cell?.epochs ?? '?'} ${shown}`.trimEnd();
    }
    case 'warning':
      return `${place({ slotId, cellId })} warning: ${reasonOf(event.message)}`;
    default:
      return undefined;
  }
}

const place = ({ slotId, cellId }: { slotId: string; cellId: string }) =>
  `${slotName(slotId)} ${shortId(cellId)}`;
