/** What the lines of a cell's record tell in the end. */
import { readFileSync } from 'node:fs';
import type { EpochRecord } from '../../../trainer/contract/events.js';
import type { TrainerInputs } from '../../domain/stored-cell.js';
import type { Connection } from './connection.js';
import { type CellColumns, type KeptWarning, parseLine, type RecordLine, type Row } from './record-lines.js';
import { storedLines } from './stored-lines.js';

export interface CellHistory {
  /** First attempt first. */
  runs: { run: Row; inputs: TrainerInputs | undefined; warnings: KeptWarning[] }[];
  epochs: EpochRecord[];
  notes: Row[];
  cell: CellColumns | undefined;
}

/** Reads a cell's record as far as it can be read; undefined: it has none. Lines that aren't what they should be are told to `onProblem`. */
export function readRecord(path: string, onProblem: (words: string) => void): CellHistory | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  return historyFrom(
    text.split('\n').flatMap((line, index) => {
      try {
        return parseLine(line, `${path}:${index + 1}`) ?? [];
      } catch (error) {
        onProblem((error as Error).message);
        return [];
      }
    }),
  );
}

/** Of a cell that is stored. */
export const storedHistory = (connection: Connection, cellId: string): CellHistory =>
  historyFrom(storedLines(connection, cellId));

function historyFrom(changes: Iterable<RecordLine>): CellHistory {
  const runs = new Map<number, CellHistory['runs'][number]>();
  const epochs = new Map<number, EpochRecord>();
  const dropFrom = (first: number) => {
    for (const epoch of [...epochs.keys()]) if (epoch >= first) epochs.delete(epoch);
  };
  const history: CellHistory = { runs: [], epochs: [], notes: [], cell: undefined };
  for (const change of changes) {
    if ('run' in change)
      runs.set(Number(change.run.attempt), {
        run: change.run,
        inputs: change.inputs,
        warnings: change.warnings ?? [],
      });
    else if ('finished' in change) epochs.set(change.finished.epoch, change.finished);
    else if ('epoch' in change) {
      dropFrom(change.epoch.epoch);
      epochs.set(change.epoch.epoch, change.epoch);
    } else if ('dropAfter' in change) dropFrom(change.dropAfter + 1);
    else if ('cell' in change) history.cell = change.cell;
    else if ('note' in change) history.notes.push(change.note);
  }
  history.runs = [...runs].sort(([a], [b]) => a - b).map(([, run]) => run);
  history.epochs = [...epochs.values()].sort((a, b) => a.epoch - b.epoch);
  return history;
}
