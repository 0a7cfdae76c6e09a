/** What users ask of grids: of the runner that has one, which answers, or of the next, through the store. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlAnswer, ControlVerb } from '../domain/control.js';
import { UsageError } from '../domain/error.js';
import { stateTable, waitsForUser } from '../domain/run-state.js';
import type { StoreWriter } from '../store/run-store.js';

const pollMs = 50;
/** A runner looks every fifth of a second, … */
const patienceMs = 10_000;
/** … and asks new slots for their engine and data before they join. */
const joinPatienceMs = 300_000;

export interface Wish {
  verb: ControlVerb;
  /** Beginnings of cells' ids; none: the whole grid. */
  cells: readonly string[];
  /** Of `drain`; undefined: all slots. */
  slotId?: string | undefined;
  /** Of `priority`. */
  value?: number | undefined;
  /** Of `join`: see `ControlRequest`. */
  file?: string | undefined;
  /** Name of the grid, where no cell is named; undefined: the one that is running, or the only one. */
  grid?: string | undefined;
}

export interface Answered extends ControlAnswer {
  /** What it is said of: a cellId, or the name of a grid. */
  subject: string;
}

/** @throws StoreError `unknownCell`, `ambiguousCell`, `unknownGrid`; UsageError where several grids may be meant */
export async function steer(store: StoreWriter, wish: Wish): Promise<Answered[]> {
  if (wish.cells.length === 0) {
    const grid = chooseGrid(store, wish.grid);
    return [{ subject: grid, ...(await askGrid(store, grid, wish)) }];
  }
  const cellIds = [...new Set(wish.cells.map(prefix => store.findCell(prefix).cellId))];
  return Promise.all(
    cellIds.map(async cellId => ({ subject: cellId, ...(await askCell(store, cellId, wish)) })),
  );
}

/** Whether a runner that is there has the grid. */
export const isRunning = (store: StoreWriter, grid: string) => store.runnerOf(grid)?.isAlive === true;

function chooseGrid(store: StoreWriter, name: string | undefined): string {
  if (name !== undefined) return store.grid(name).name;
  const running = store.grids().filter(grid => isRunning(store, grid.name));
  if (running.length > 1)
    throw new UsageError(
      `several grids are running, choose one with --grid NAME: ${running.map(({ name }) => name).join(', ')}`,
    );
  return running[0]?.name ?? store.grid().name;
}

async function askGrid(store: StoreWriter, grid: string, wish: Wish): Promise<ControlAnswer> {
  if (isRunning(store, grid)) return ask(store, grid, null, wish);
  if (wish.verb === 'drain') return refused('is not running: there is nothing to drain');
  if (wish.verb === 'join') return refused('is not running: `grid run` opens its slots with --slots FILE');
  const cells = store.storedCells(grid).filter(({ present }) => present);
  const wanted = cells
    .filter(({ state }) => (wish.verb === 'pause' ? stateTable[state].startsByItself : waitsForUser(state)))
    .map(({ cellId }) => cellId);
  if (wish.verb === 'pause') store.hold(wanted, 'paused');
  else store.requeue(wanted);
  const count = `${wanted.length} cell${wanted.length === 1 ? '' : 's'}`;
  return done(wish.verb === 'pause' ? `${count} paused` : `${count} queued for the next \`grid run\``);
}

async function askCell(store: StoreWriter, cellId: string, wish: Wish): Promise<ControlAnswer> {
  const running = store.gridsOf(cellId).find(({ grid }) => isRunning(store, grid));
  if (running !== undefined) return ask(store, running.grid, cellId, wish);
  return changeStored(store, cellId, wish);
}

/** Of a cell that no runner has to do with. */
export function changeStored(
  store: Pick<StoreWriter, 'cellsById' | 'hold' | 'requeue' | 'prioritize'>,
  cellId: string,
  { verb, value }: Pick<Wish, 'verb' | 'value'>,
): ControlAnswer {
  const state = store.cellsById([cellId]).get(cellId)?.state ?? 'queued';
  switch (verb) {
    case 'priority':
      store.prioritize([cellId], value ?? 0);
      return done(`has priority ${value ?? 0}`);
    case 'resume':
      if (!waitsForUser(state)) return refused(`is ${state}, not paused`);
      store.requeue([cellId]);
      return done('is queued for the next `grid run`');
    case 'pause':
      return store.hold([cellId], 'paused').length > 0 ? done('is paused') : refused(`is ${state}`);
    case 'cancel':
      return store.hold([cellId], 'stopped').length > 0 ? done('is stopped') : refused(`is ${state}`);
    case 'retry':
      store.requeue([cellId]);
      return done('is queued for the next `grid run`');
    case 'drain':
    case 'join':
      return refused(`${verb} is of slots`);
  }
}

async function ask(
  store: StoreWriter,
  grid: string,
  cellId: string | null,
  { verb, slotId, value, file }: Wish,
): Promise<ControlAnswer> {
  const control = store.ask(grid, {
    ...{ verb, cellId },
    ...{ slotId: slotId ?? null, value: value ?? null, file: file ?? null },
  });
  const patience = verb === 'join' ? joinPatienceMs : patienceMs;
  const start = performance.now();
  while (performance.now() - start < patience) {
    const answer = store.answerOf(control);
    if (answer !== undefined) return answer;
    await sleep(pollMs);
  }
  return refused(`no answer within ${patience / 1000} s; the runner of ${grid} does it when it comes to it`);
}

const done = (answer: string): ControlAnswer => ({ outcome: 'done', answer });
const refused = (answer: string): ControlAnswer => ({ outcome: 'refused', answer });
