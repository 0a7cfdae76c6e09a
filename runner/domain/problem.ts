/** Problems of a grid file, each at its place in the file, and the error that carries all of them at once. */
import { visible } from './characters.js';
import { GridfarmError } from './error.js';

/** Keys and list indexes from the root of a YAML file to one of its nodes. */
export type NodePath = readonly (string | number)[];

/** 1-based line and column. */
export interface Position {
  line: number;
  column: number;
}

export interface Problem extends Position {
  /** File as the user named it. */
  file: string;
  /** Where in the file's structure, e.g. `axes.optimizer.adamw.learningRate`; empty for the whole file. */
  path: string;
  /** What is wrong and what was expected. */
  message: string;
}

/** `grids/a.yaml:14:9 axes.optimizer.adamw.learningRate: must be > 0, got -0.1`, with everything in it visible. */
export function describeProblem({ file, line, column, path, message }: Problem): string {
  return visible(`${file}:${line}:${column} ${path === '' ? '' : `${path}: `}${message}`);
}

/** `['axes', 'seed', 0]` → `axes.seed[0]`. */
export function describeNodePath(path: NodePath): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );
}

/** A grid that can't be run: every problem that was found, in the order of the file. */
export class GridError extends GridfarmError {
  override readonly name = 'GridError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    const distinct = new Map(problems.map(problem => [describeProblem(problem), problem]));
    const sorted = [...distinct.values()].sort((a, b) => a.line - b.line || a.column - b.column);
    super('grid', sorted.map(describeProblem).join('\n'), options);
    this.problems = sorted;
  }
}
