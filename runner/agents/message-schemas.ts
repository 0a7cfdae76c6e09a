/** What a coordinator takes from agents: nothing beside what is named here, and of that no more than the limits allow. */
import { engineInfo, probedEngine, provenance } from '../../trainer/contract/answer-schemas.js';
import { failureClasses, type TrainerEvent } from '../../trainer/contract/events.js';
import { precisions } from '../../trainer/contract/run-spec.js';
import {
  longestPollSeconds,
  mostBytesOfBlob,
  mostBytesOfLog,
  mostDataOfAgent,
  mostEventsOfBatch,
  mostFilesOfRun,
  mostSlotsOfAgent,
} from './limits.js';

const text = (maxLength: number, pattern?: string) => ({
  type: 'string',
  maxLength,
  ...(pattern !== undefined && { pattern }),
});
const words = text(20_000);
const count = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
const list = (items: object, maxItems: number) => ({ type: 'array', items, maxItems });
const oneOf = (...values: readonly unknown[]) => ({ enum: values });
const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] });
/** An object of these fields and no others; those named in `optional` may be left out. */
const object = (properties: Record<string, object>, optional: readonly string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter(key => !optional.includes(key)),
  additionalProperties: false,
});

/** A slot's or an agent's name: what is made of it is shown, stored, and no path. */
const nameText = text(80, '^[A-Za-z0-9][A-Za-z0-9._-]*$');
const refText = text(120, '^[A-Za-z0-9_-]+$');
const session = text(64, '^[A-Za-z0-9_-]+$');
const sha256Text = text(64, '^[0-9a-f]{64}$');
const seconds = { type: 'number', minimum: 0, maximum: 1e8 };
const waitSeconds = { type: 'number', minimum: 0, maximum: longestPollSeconds };
const command = oneOf('go', 'drain', 'kill');

const metrics = {
  type: 'object',
  maxProperties: 200,
  propertyNames: text(100),
  additionalProperties: { type: ['number', 'null'] },
};
const epochFields = { epoch: count, step: count, metrics };
const cellId = text(200);
const type = { type: 'string' };
const failure = { class: oneOf(...failureClasses), message: words, step: count };

const events: Record<TrainerEvent['type'], object> = {
  ready: object(
    {
      type,
      cellId,
      pid: count,
      engine: engineInfo,
      trainerVersion: text(200),
      precisions: list(oneOf(...precisions), 10),
    },
    ['cellId', 'precisions'],
  ),
  started: object(
    {
      type,
      cellId,
      provenance,
      resumedFromEpoch: count,
      history: list(object(epochFields), 100_000),
      parameters: count,
      trainImages: count,
      validationImages: count,
      classes: count,
    },
    ['provenance'],
  ),
  progress: object({
    type,
    cellId,
    epoch: count,
    step: count,
    stepsPerEpoch: count,
    loss: { type: ['number', 'null'] },
  }),
  epoch: object({ type, cellId, ...epochFields }),
  checkpoint: object({ type, cellId, kind: oneOf('last', 'best'), epoch: count, path: text(1000) }),
  completed: object({ type, cellId, epochs: count, weightsHash: text(200) }, ['epochs', 'weightsHash']),
  interrupted: object({ type, cellId, epoch: count }),
  warning: object({ type, cellId, message: words }),
  waiting: object({ type, cellId, reason: words }),
  memory: object({ type, cellId, megabytes: count, gpuMegabytes: orNull(count) }),
  failed: object({ type, cellId, failure: failure.class, message: words, step: count }, ['step']),
};

/** By its `type`, so that what is wrong is said of that alone. */
const event = {
  type: 'object',
  required: ['type'],
  allOf: Object.entries(events).map(([name, schema]) => ({
    if: { type: 'object', properties: { type: { const: name } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: schema,
  })),
  properties: { type: oneOf(...Object.keys(events)) },
};

/** What a trainer may call its files: no path out of its folder, and nothing that is being written. */
export const fileName = '^([A-Za-z0-9_][A-Za-z0-9._-]*/){0,3}[A-Za-z0-9_][A-Za-z0-9._-]*$';
const file = object({
  name: text(200, fileName),
  sha256: sha256Text,
  bytes: { ...count, maximum: mostBytesOfBlob },
});

export const sessionRequest = object({
  protocol: count,
  version: text(200),
  agentId: text(64, '^[A-Za-z0-9_-]{8,}$'),
  name: nameText,
  slots: {
    ...list(
      object({
        name: nameText,
        device: text(200),
        memoryMegabytes: orNull(count),
        shares: orNull(
          object({
            name: nameText,
            of: oneOf('gpu', 'machine'),
            megabytes: orNull(count),
            isMeasured: { type: 'boolean' },
          }),
        ),
        dataRoot: orNull(text(2000)),
      }),
      mostSlotsOfAgent,
    ),
    minItems: 1,
  },
  engine: orNull(probedEngine),
  secondsLeft: orNull(seconds),
  data: list(sha256Text, mostDataOfAgent),
  runs: list(
    object({
      slot: nameText,
      ref: refText,
      cellId,
      attempt: count,
      epoch: count,
      isOver: { type: 'boolean' },
    }),
    mostSlotsOfAgent * 4,
  ),
});

export const leaseRequest = object({ session, slot: nameText, secondsLeft: orNull(seconds), waitSeconds });
export const commandsRequest = object({
  session,
  waitSeconds,
  known: list(object({ ref: refText, command }), mostSlotsOfAgent),
});
export const eventsRequest = object({
  session,
  from: { ...count, minimum: 1 },
  events: list(event, mostEventsOfBatch),
  passing: list(event, 4),
  log: text(mostBytesOfLog),
});
export const filesRequest = object({ session, files: list(file, mostFilesOfRun) });
export const endRequest = object({
  session,
  from: { ...count, minimum: 1 },
  exit: {
    anyOf: [
      object({ outcome: { const: 'completed' }, weightsHash: orNull(text(200)) }),
      object({ outcome: oneOf('interrupted', 'killed'), epoch: count }),
      object({ outcome: { const: 'failed' }, failure: object(failure, ['step']) }),
    ],
  },
});
