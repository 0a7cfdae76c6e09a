/** `train.freeze` against the names in the models. */
import { type ModelEntry, matchesPattern } from '../../../trainer/contract/freeze.js';
import type { Component } from '../../../trainer/contract/run-spec.js';
import type { Cell } from '../../domain/cell.js';
import type { Grid } from '../../domain/grid.js';
import { distinctCells } from '../axes/distinct-cells.js';
import { settingNode } from '../settings/setting-node.js';
import { nearest } from '../yaml/nearest.js';
import { Reporter } from '../yaml/reporter.js';

const frozenCells = (cells: readonly Cell[]): Cell[] =>
  distinctCells(
    cells.filter(({ spec }) => spec.trainer === null && spec.train.freeze.length > 0),
    ['model', 'train'],
  );

/** The models that something is frozen of, each once: what the trainer has to be asked about. */
export const frozenModels = (cells: readonly Cell[]): Component[] => [
  ...new Set(frozenCells(cells).map(({ spec }) => spec.model)),
];

/**
 * @param entries by the objects that `frozenModels` gave
 * @throws GridError with each pattern that matches nothing, and where nothing is left to train
 */
export function checkFreeze(
  grid: Grid,
  cells: readonly Cell[],
  entries: ReadonlyMap<Component, readonly ModelEntry[]>,
): void {
  const errors = new Reporter(grid.source);
  for (const cell of frozenCells(cells)) {
    const { model, train } = cell.spec;
    const known = entries.get(model)!;
    for (const [index, pattern] of train.freeze.entries())
      if (!known.some(({ name }) => matchesPattern(pattern, name))) {
        const message = `nothing in ${model.name} matches "${pattern}"${hint(pattern, known)}`;
        errors.add(settingNode(grid, cell, `train.freeze.${index}`), message);
      }
    const parameters = known.filter(({ role }) => role === 'parameter');
    if (parameters.every(({ name }) => train.freeze.some(pattern => matchesPattern(pattern, name))))
      errors.add(settingNode(grid, cell, 'train.freeze'), `leaves no parameter of ${model.name} to train`);
  }
  errors.throwIfAny();
}

/** `layr1.*` → `layer1.*`: the nearest name or beginning of one, with what was behind it. */
function hint(pattern: string, entries: readonly ModelEntry[]): string {
  const [, stem, rest] = /^(.*?)((?:\.?\*)*)$/.exec(pattern)!;
  const parts = entries.map(({ name }) => name.split('.'));
  const beginnings = new Set(
    parts.flatMap(path => path.map((_, index) => path.slice(0, index + 1).join('.'))),
  );
  // `layer1` alone is the name of no entry.
  const near = beginnings.has(stem!) ? stem : nearest(stem!, beginnings);
  if (near !== undefined)
    return `; did you mean "${near}${rest || (entries.some(({ name }) => name === near) ? '' : '.*')}"?`;
  return `; it has ${[...new Set(parts.map(([first]) => first))].join(', ')}`;
}
