/** Which node of the file gave a cell one of its settings. */
import type { Cell } from '../domain/cell.js';
import type { Grid, Setting } from '../domain/grid.js';
import type { NodePath } from '../domain/problem.js';

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
 * @param path dotted settings path, e.g. `optimizer.nesterov`
 * @returns the deepest node that sets it; where it is a default, the component or section that it belongs to
 */
export function settingNode(grid: Grid, cell: Cell, path: string): NodePath {
  const above = settingsOf(grid, cell)
    .filter(setting => path === setting.path || path.startsWith(`${setting.path}.`))
    .sort((a, b) => b.path.length - a.path.length || 0);
  const winners = above.filter(
    (setting, index) => above.findLastIndex(s => s.path === setting.path) === index,
  );
  for (const { path: settingPath, at } of winners) {
    const rest = path
      .slice(settingPath.length + 1)
      .split('.')
      .filter(Boolean);
    if (grid.source.find([...at, ...rest])) return [...at, ...rest];
  }
  return winners[0]?.at ?? path.split('.');
}
