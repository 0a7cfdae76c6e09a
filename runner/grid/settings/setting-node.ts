/** Which node of the file gave a cell one of its settings. */
import type { Cell } from '../../domain/cell.js';
import type { Grid, Setting } from '../../domain/grid.js';
import type { NodePath } from '../../domain/problem.js';

/** Settings that made a cell, from the base to those that win. */
function settingsOf(grid: Grid, { labels, include }: Cell): Setting[] {
  if (include !== undefined) return [...grid.base, ...grid.include[include]!.settings];
  const axes = grid.dimensions.flatMap(dimension => dimension.axes);
  const chosen = axes.flatMap(({ path, values }) => {
    const value = values.find(({ label }) => label === labels[path]);
    return value ? [{ path, value: value.value, at: value.at }] : [];
  });
  return [...grid.base, ...chosen];
}

/**
 * @param path dotted settings path, e.g. `optimizer.nesterov`, `augmentation.transforms.0.padding`
 * @returns the deepest node that sets it; for a default the node that it would have
 */
export function settingNode(grid: Grid, cell: Cell, path: string): NodePath {
  const nodes = settingsOf(grid, cell)
    .filter(setting => path === setting.path || path.startsWith(`${setting.path}.`))
    .reverse()
    .sort((a, b) => b.path.length - a.path.length)
    .map(setting => [...setting.at, ...steps(path.slice(setting.path.length))]);
  return nodes.find(node => grid.source.find(node)) ?? nodes[0] ?? steps(path);
}

const steps = (path: string): NodePath =>
  path
    .split('.')
    .filter(Boolean)
    .map(step => (/^\d+$/.test(step) ? Number(step) : step));
