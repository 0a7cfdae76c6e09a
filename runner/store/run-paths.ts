/** The one owner of every path under the results folder. `results/README.md` explains them to users. */
import { join, resolve } from 'node:path';
import type { WeightsKind } from '../domain/weights.js';

const weightsFiles: Readonly<Record<WeightsKind, string>> = {
  best: 'best',
  last: 'last',
  ema: 'best-ema',
  'last-ema': 'last-ema',
};

export class ResultsPaths {
  /** Absolute. */
  readonly root: string;

  constructor(resultsDir: string) {
    this.root = resolve(resultsDir);
  }

  get store(): string {
    return join(this.root, 'store.db');
  }

  /** A store that is being put together from the cells' folders. */
  get rebuiltStore(): string {
    return join(this.root, 'store.db.rebuilding');
  }

  /** Folders of cells that are being brought here from other results. */
  get merging(): string {
    return join(this.root, 'merging');
  }

  get locks(): string {
    return join(this.root, 'locks');
  }

  /** Held while the store is put together anew. Grids' locks end with `.json`. */
  get rebuildLock(): string {
    return join(this.locks, 'rebuild.lock');
  }

  /** A damaged store that was replaced by a new one. */
  damagedStore(time: Date): string {
    return `${this.store}.damaged-${time.toISOString().replaceAll(':', '-')}`;
  }

  gridLock(grid: string): string {
    return join(this.locks, `${fileName(grid)}.json`);
  }

  /** Decoded data, shared by all cells of this machine. */
  get cache(): string {
    return join(this.root, 'cache');
  }

  /** What inspections of the data found. */
  get inspections(): string {
    return join(this.cache, 'inspections');
  }

  /** Pages and pictures that reading commands make. */
  get reports(): string {
    return join(this.root, 'reports');
  }

  /** TensorBoard's files of the runs, a folder a grid. */
  get tensorboard(): string {
    return join(this.root, 'tensorboard');
  }

  /** Folder of the report on a data set. */
  dataReport(name: string): string {
    return join(this.reports, `data-${fileName(name)}`);
  }

  /** Folder of the report on a grid. */
  gridReport(grid: string): string {
    return join(this.reports, `grid-${fileName(grid)}`);
  }

  /** The curve of a learning-rate range test. */
  rangeChart(cellId: string): string {
    return join(this.reports, `lr-find-${fileName(cellId)}.svg`);
  }

  /** What the store holds of each grid, once more. */
  get grids(): string {
    return join(this.root, 'grids');
  }

  gridFile(grid: string): string {
    return join(this.grids, `${fileName(grid)}.json`);
  }

  get cells(): string {
    return join(this.root, 'cells');
  }

  cell(cellId: string): CellPaths {
    return new CellPaths(join(this.cells, fileName(cellId)));
  }
}

/** The folder of one cell; the trainer's `runDir`. */
export class CellPaths {
  constructor(readonly root: string) {}

  get runSpec(): string {
    return join(this.root, 'run-spec.json');
  }

  /** What the store holds of its runs, once more. */
  get record(): string {
    return join(this.root, 'record.ndjson');
  }

  /** What the trainer and the runner had to say, for people. */
  get log(): string {
    return join(this.root, 'log.txt');
  }

  /** Which process trains this cell, while one does. */
  get process(): string {
    return join(this.root, 'process.json');
  }

  /** Figures of the best weights, written by the trainer at the end of a run. */
  get evaluation(): string {
    return join(this.root, 'evaluation.json');
  }

  /** What they take each validation image for. */
  get predictions(): string {
    return join(this.root, 'predictions.json');
  }

  /** Weights of the best epoch. */
  get bestWeights(): string {
    return this.weights('best');
  }

  weights(kind: WeightsKind): string {
    return join(this.checkpoints, `${weightsFiles[kind]}.safetensors`);
  }

  /** Written by the trainer. */
  get checkpoints(): string {
    return join(this.root, 'checkpoints');
  }
}

/** A file name that is the same name on every system and can't leave its folder. */
function fileName(name: string): string {
  const escaped = encodeURIComponent(name).replaceAll('*', '%2A');
  return escaped.startsWith('.') ? `%2E${escaped.slice(1)}` : escaped;
}
