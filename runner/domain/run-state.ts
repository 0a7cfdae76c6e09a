/**
 * The states of a run, and of a cell, whose state is that of its latest run: which change into which, by whom, and what each means.
 * Whoever must know (plan, scheduler, status, leaderboard, exit codes) asks this table.
 */

export const runStates = [
  'queued',
  'running',
  'paused',
  'completed',
  'failed',
  'interrupted',
  'stopped',
] as const;
export type RunState = (typeof runStates)[number];

/**
 * Who brings a change about: the runner that holds the cell; the trainer, by how it ends; the store, which finds that a lease is
 * over; the user, by a verb.
 */
export type Actor = 'runner' | 'trainer' | 'store' | 'user';

export interface StateMeaning {
  /** It has come to its end: no run follows by itself. */
  over: boolean;
  /** It came to a result, which is ranked. */
  done: boolean;
  /** A run may go on from the epochs on record. */
  resumable: boolean;
  /** A run of the grid leaves it undone: the exit code says so. */
  countsAsLeft: boolean;
  /** `grid run` takes it up by itself. */
  startsByItself: boolean;
  /** Its holder may still write. */
  held: boolean;
  /** What to call it beside its number: `3 paused`. */
  shownAs: string;
  changes: Partial<Record<RunState, readonly Actor[]>>;
}

export const stateTable: Readonly<Record<RunState, StateMeaning>> = {
  queued: {
    over: false,
    done: false,
    resumable: true,
    countsAsLeft: true,
    startsByItself: true,
    held: false,
    shownAs: 'queued',
    changes: { running: ['runner'], paused: ['user'], stopped: ['user'] },
  },
  running: {
    over: false,
    done: false,
    resumable: true,
    countsAsLeft: true,
    startsByItself: false,
    held: true,
    shownAs: 'running',
    changes: {
      completed: ['trainer'],
      failed: ['trainer', 'runner'],
      interrupted: ['trainer', 'runner', 'store'],
      paused: ['user'],
      stopped: ['user', 'runner'],
    },
  },
  paused: {
    over: false,
    done: false,
    resumable: true,
    countsAsLeft: true,
    startsByItself: false,
    held: false,
    shownAs: 'paused',
    changes: { queued: ['user'], stopped: ['user'] },
  },
  completed: {
    over: true,
    done: true,
    resumable: false,
    countsAsLeft: false,
    startsByItself: false,
    held: false,
    shownAs: 'completed',
    changes: { queued: ['user'], running: ['runner'] },
  },
  failed: {
    over: true,
    done: false,
    resumable: true,
    countsAsLeft: true,
    startsByItself: false,
    held: false,
    shownAs: 'failed',
    changes: { queued: ['user', 'runner'], running: ['runner'] },
  },
  /** Drained, killed or cut off: goes on from its last epoch. */
  interrupted: {
    over: false,
    done: false,
    resumable: true,
    countsAsLeft: true,
    startsByItself: true,
    held: false,
    shownAs: 'interrupted',
    changes: { queued: ['user', 'runner'], running: ['runner'], paused: ['user'], stopped: ['user'] },
  },
  /** Ended early on purpose. */
  stopped: {
    over: true,
    done: true,
    resumable: true,
    countsAsLeft: false,
    startsByItself: false,
    held: false,
    shownAs: 'stopped',
    changes: { queued: ['user'], running: ['runner'] },
  },
};

/** Whether a run or cell may change so; `by` left out: by anybody. To the same state: never, that is no change. */
export function mayChange(from: RunState, to: RunState, by?: Actor): boolean {
  const actors = stateTable[from].changes[to];
  return actors !== undefined && (by === undefined || actors.includes(by));
}

/** The states that may become `to`. */
export const statesBefore = (to: RunState, by?: Actor): RunState[] =>
  runStates.filter(from => mayChange(from, to, by));

/** How a run may end. */
export type EndState = Exclude<RunState, 'queued' | 'running'>;

/** What a user may hold a cell back as. */
export type HeldState = Extract<RunState, 'paused' | 'stopped'>;

/** It came to its end without a result. */
export const hasFailed = (state: RunState): boolean => stateTable[state].over && !stateTable[state].done;

/** It came to all of its result, so that nothing may go on. */
export const isWhole = (state: RunState): boolean => stateTable[state].done && !stateTable[state].resumable;

/** It came to a result before its time. */
export const isShort = (state: RunState): boolean => stateTable[state].done && stateTable[state].resumable;

/** It goes on once the user lets it. */
export const waitsForUser = (state: RunState): boolean => {
  const { over, held, startsByItself } = stateTable[state];
  return !over && !held && !startsByItself;
};

/** It was running, and goes on by itself. */
export const isCutOff = (state: RunState): boolean =>
  stateTable[state].startsByItself && mayChange('running', state);

/** It may end so whatever the user wishes. */
export const endsByItself = (state: RunState): boolean =>
  stateTable[state].over && mayChange('running', state, 'trainer');

/** The first of these that one of several cells is in is the state of them all. */
export const tellingFirst: readonly RunState[] = [
  'running',
  'failed',
  'interrupted',
  'paused',
  'stopped',
  'queued',
  'completed',
];
