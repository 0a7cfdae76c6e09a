/** What a line of a cell's record is, and how one is read. */
import { cpuFeatures, epochRecord } from '../../../trainer/contract/answer-schemas.js';
import type { EpochRecord } from '../../../trainer/contract/events.js';
import type { Schema } from '../../../trainer/contract/schema.js';
import {
  anyText,
  count,
  integer,
  listOf,
  natural,
  number,
  oneOf,
  orNull,
  recordOf,
  shape,
  text,
} from '../../../trainer/contract/shape.js';
import { checkedJson, checkedValue } from '../../../trainer/files/checked-json.js';
import { runStates } from '../../domain/run-state.js';
import type { RungMark, StopReason } from '../../domain/stopping.js';
import type { TrainerInputs } from '../../domain/stored-cell.js';
import type { SqlValue } from './sqlite.js';

/** A row of a table by its columns. */
export type Row = Record<string, SqlValue>;

/** A line of the record; later ones win. */
export type RecordLine =
  /** Columns of `runs`, by `attempt`. */
  | { run: Row; inputs?: TrainerInputs; warnings?: KeptWarning[] }
  /** It takes the place of the epoch with its number. */
  | { finished: EpochRecord }
  /** What earlier versions wrote: those after it are dropped, too. */
  | { epoch: EpochRecord }
  /** Epochs after this one are dropped. */
  | { dropAfter: number }
  /** Columns of `cells` that no epoch tells; runs by their attempt. */
  | { cell: CellColumns }
  /** Columns of `notes`; the number gives their order over all cells. */
  | { note: Row };

/** A row of `run_warnings`. */
export interface KeptWarning {
  text: string;
  count: number;
}

export interface CellColumns {
  lastRun: number | null;
  trainedRun: number | null;
  validationImages: number | null;
  stale: string | null;
  held?: string | null;
  priority?: number;
  /** A RungMark as JSON. */
  rung?: string | null;
}

/** A row that has these columns; `others` may be missing. What is named in neither may be a newer version's. */
export const rowWith = (columns: Record<string, Schema>, others: Record<string, Schema> = {}): Schema => ({
  ...recordOf({ type: ['string', 'number', 'null'] }),
  properties: { ...columns, ...others },
  required: Object.keys(columns),
});

const all = (names: readonly string[], schema: Schema) =>
  Object.fromEntries(names.map(name => [name, schema]));
const texts = [
  ...['failure_class', 'failure_message', 'engine_name', 'engine_version', 'engine_device', 'engine_cpu'],
  ...['data_fingerprint', 'trainer_version', 'trainer_sources', 'weights_hash', 'process_started'],
];
const integers = [
  ...['ended_ms', 'failure_step', 'resumed_from_epoch', 'parameters', 'train_images', 'validation_images'],
  ...['classes', 'memory_megabytes', 'gpu_megabytes'],
];

const rungMark: Schema = {
  anyOf: [
    shape<Extract<RungMark, { at: 'rung' }>>({ at: { const: 'rung' }, epoch: natural, epochs: count }),
    shape<Extract<RungMark, { at: 'out' }>>({
      at: { const: 'out' },
      reason: shape<StopReason>(
        {
          ...{ rule: oneOf(['halving', 'race', 'diverged']), epoch: natural, epochs: count },
          ...{
            value: orNull(number),
            rank: count,
            of: count,
            cutOff: orNull(number),
            margin: orNull(number),
          },
          against: anyText,
        },
        ['against'],
      ),
    }),
  ],
};

type Kind = RecordLine extends infer Line ? (Line extends RecordLine ? keyof Line : never) : never;

const lines: Record<Exclude<Kind, 'inputs' | 'warnings'>, Schema> = {
  run: shape<Extract<RecordLine, { run: Row }>>(
    {
      run: rowWith(
        {
          ...{ attempt: count, slot_id: anyText, state: oneOf(runStates), started_ms: integer },
          ...{ host: anyText, pid: integer },
        },
        {
          ...all(texts, orNull(anyText)),
          ...all(integers, orNull(integer)),
          warnings: natural,
          refused: natural,
        },
      ),
      inputs: shape<TrainerInputs>({ folder: anyText, files: recordOf(text) }),
      warnings: listOf(shape<KeptWarning>({ text: anyText, count })),
    },
    ['inputs', 'warnings'],
  ),
  finished: shape({ finished: epochRecord }),
  epoch: shape({ epoch: epochRecord }),
  dropAfter: shape({ dropAfter: natural }),
  cell: shape({
    cell: shape<CellColumns>(
      {
        ...{ lastRun: orNull(count), trainedRun: orNull(count), validationImages: orNull(natural) },
        ...{ stale: orNull(anyText), held: { enum: ['paused', 'stopped', null] }, priority: integer },
        rung: orNull(anyText),
      },
      ['held', 'priority', 'rung'],
    ),
  }),
  note: shape({ note: rowWith({ note: integer, time_ms: integer, text: anyText }) }),
};

/**
 * `where`: what messages begin with. Undefined: empty, cut off by a crash, or a newer version's.
 *
 * @throws UnexpectedJsonError where it is JSON, and of a kind that is known, but not as one of that kind is
 */
export function parseLine(line: string, where: string): RecordLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const kind = Object.keys(lines).find(
    name => typeof value === 'object' && value !== null && Object.hasOwn(value, name),
  );
  if (kind === undefined) return undefined;
  const read = checkedValue<RecordLine>(value, lines[kind as keyof typeof lines], where);
  // Columns that hold JSON.
  if ('cell' in read && read.cell.stale !== null)
    checkedJson(read.cell.stale, listOf(anyText), `${where}: cell.stale`);
  if ('cell' in read && typeof read.cell.rung === 'string')
    checkedJson(read.cell.rung, rungMark, `${where}: cell.rung`);
  if ('run' in read && typeof read.run.engine_cpu === 'string')
    checkedJson(read.run.engine_cpu, cpuFeatures, `${where}: run.engine_cpu`);
  return read;
}
