import type { Reporter } from '../yaml/reporter.js';

/** What resolving a section needs beside its settings. */
export interface ResolveContext {
  report: Reporter;
  /** Names and parameters are those of an external trainer. */
  free: boolean;
  /** Absolute folder of the grid file. */
  folder: string;
  /** Absolute folder that overrides every `data.root`. */
  dataRoot: string | null;
  /** Best weights of the cells whose id starts with a prefix. */
  cellWeights(prefix: string): readonly string[];
}
