/** Collects problems by their node, so that all of them can be told at once. */
import type { GridSource } from '../../domain/grid.js';
import { describeNodePath, GridError, type NodePath, type Problem } from '../../domain/problem.js';

export class Reporter {
  readonly problems: Problem[] = [];
  /** Something was left out because of a problem, so that what is missing or equal then says nothing. */
  incomplete = false;
  readonly source: GridSource;

  constructor(source: GridSource) {
    this.source = source;
  }

  /** `part: 'key'` points at the key of the node instead of its value. */
  add(at: NodePath, message: string, part?: 'key' | 'value'): void {
    const { line, column } = this.source.locate(at, part);
    this.problems.push({ file: this.source.file, line, column, path: describeNodePath(at), message });
  }

  /** Reports a problem because of which the node is left out. */
  leaveOut(at: NodePath, message: string, part?: 'key' | 'value'): void {
    this.add(at, message, part);
    this.incomplete = true;
  }

  /** `file:line:column` of a node, to name a second place in a message. */
  place(at: NodePath): string {
    const { line, column } = this.source.locate(at);
    return `${this.source.file}:${line}:${column}`;
  }

  /** @throws GridError if there is any problem */
  throwIfAny(): void {
    if (this.problems.length > 0) throw new GridError(this.source.explain(this.problems));
  }
}
