import type { EngineName } from '../../trainer/contract/events.js';

/** An option whose value is a `Value`. */
export interface Described<Flags extends string = string, Value = unknown> {
  flags: Flags;
  words: string;
  choices?: readonly string[];
  /** The value where it isn't given. */
  default?: Value;
  /** The environment variable that gives it, too. */
  env?: string;
  /** Makes the value of what is written. @throws UsageError */
  parse?(text: string): Value;
  /** Name of an option that it can't be given with. */
  conflicts?: string;
  mandatory?: boolean;
  /** Only a type. */
  value?: Value;
}

/** Options that every verb understands. */
export const globalOptions = {
  results: {
    flags: '--results <dir>',
    words: 'where results are',
    default: 'results',
    env: 'GRID_RESULTS',
  } as Described<'--results <dir>', string>,
  data: {
    flags: '--data <dir>',
    words: "where the data lies, instead of the grid's data.root",
    env: 'GRID_DATA',
  } as Described<'--data <dir>', string | undefined>,
  engine: {
    flags: '--engine <name>',
    words: 'engine of the trainer; default: the best that loads',
    choices: ['tensorflow', 'wasm', 'cpu'],
    env: 'GRID_ENGINE',
  } as Described<'--engine <name>', EngineName | undefined>,
};
