import { provenance } from '../../trainer/contract/answer-schemas.js';
import {
  type EpochRecord,
  failureClasses,
  type Metrics,
  type TrainerEvent,
} from '../../trainer/contract/events.js';
import { fits } from '../../trainer/files/checked-json.js';

type Check = (value: unknown) => boolean;

const text: Check = value => typeof value === 'string';
const count: Check = value => Number.isSafeInteger(value) && (value as number) >= 0;
const numberOrNull: Check = value => value === null || typeof value === 'number';
const object: Check = value => typeof value === 'object' && value !== null && !Array.isArray(value);
const optional =
  (check: Check): Check =>
  value =>
    value === undefined || check(value);
const metrics: Check = value => object(value) && Object.values(value as Metrics).every(numberOrNull);
const failures: ReadonlySet<unknown> = new Set(failureClasses);
const epochFields = { epoch: count, step: optional(count), metrics };
const epochRecord: Check = value => object(value) && wrongField(value as object, epochFields) === undefined;

/** Fields that each event must have beside `type` and `cellId`, and the smallest check that makes them safe to use. */
const fields: { [T in TrainerEvent['type']]: Record<string, Check> } = {
  ready: {
    pid: count,
    engine: object,
    trainerVersion: text,
    precisions: optional(Array.isArray),
  },
  started: {
    provenance: optional(value => fits(value, provenance)),
    resumedFromEpoch: count,
    history: value => Array.isArray(value) && value.every(epochRecord),
    parameters: optional(count),
    trainImages: optional(count),
    validationImages: optional(count),
    classes: optional(count),
  },
  progress: { epoch: count, step: count, stepsPerEpoch: count, loss: numberOrNull },
  epoch: epochFields,
  checkpoint: { kind: value => value === 'last' || value === 'best', epoch: count, path: text },
  completed: { epochs: optional(count), weightsHash: optional(text) },
  interrupted: { epoch: count },
  warning: { message: text },
  waiting: { reason: text },
  memory: { megabytes: count, gpuMegabytes: value => value === null || count(value) },
  failed: { failure: value => failures.has(value), message: text, step: optional(count) },
};

/** What a JSON object of a trainer's stdout is: an event, something else that it says, or an event that can't be understood. */
export type ParsedObject =
  | { kind: 'event'; event: TrainerEvent }
  | { kind: 'text' }
  | { kind: 'malformed'; problem: string };

/** Only an object with a text as `type` is meant as an event. */
export function parseEvent(value: object): ParsedObject {
  const { type } = value as { type?: unknown };
  if (typeof type !== 'string') return { kind: 'text' };
  if (!Object.hasOwn(fields, type))
    return { kind: 'malformed', problem: `has the unknown type ${JSON.stringify(type.slice(0, 40))}` };
  const wrong = wrongField(value, { cellId: optional(text), ...fields[type as TrainerEvent['type']] });
  if (wrong !== undefined)
    return {
      kind: 'malformed',
      problem: `of type ${type} has a missing or wrong ${wrong}${hint(value, wrong)}`,
    };
  return { kind: 'event', event: withDefaults(value as TrainerEvent) };
}

/** Which of the metrics is none. */
function hint(value: object, field: string): string {
  const { metrics } = value as { metrics?: unknown };
  if (field !== 'metrics' || !object(metrics)) return '';
  const [name, wrong] = Object.entries(metrics as Metrics).find(([, metric]) => !numberOrNull(metric)) ?? [];
  return ` (${name} is ${JSON.stringify(wrong)?.slice(0, 40)}, which is no number)`;
}

/** Fills in what a trainer of others may leave out. */
function withDefaults(event: TrainerEvent): TrainerEvent {
  if (event.type === 'epoch') return { ...event, ...withStep(event) };
  if (event.type !== 'started') return event;
  const unknown = { parameters: 0, trainImages: 0, validationImages: 0, classes: 0 };
  return { ...unknown, ...event, history: event.history.map(withStep) };
}

/** Without a step, the epochs are counted. */
const withStep = ({ epoch, step = epoch, metrics }: Omit<EpochRecord, 'step'> & { step?: number }) => ({
  epoch,
  step,
  // 1e999 is read as infinity.
  metrics: Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [name, Number.isFinite(value) ? value : null]),
  ),
});

function wrongField(value: object, checks: Record<string, Check>): string | undefined {
  return Object.keys(checks).find(key => !checks[key]!((value as Record<string, unknown>)[key]));
}
