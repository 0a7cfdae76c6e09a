/** YAML text → plain values, and the way back from a path in them to its line and column. */
import type { GridSource } from '../../domain/grid.js';
import type { NodePath, Position } from '../../domain/problem.js';
import { parseYaml } from './parse-yaml.js';
import { entryAt } from './written.js';

/**
 * @param holdsLabels whether the keys of the mapping at a path are labels (see read-nodes.ts)
 * @throws GridError (see parse-yaml.ts)
 */
export function parseSource(
  file: string,
  text: string,
  holdsLabels?: (at: NodePath) => boolean,
): { value: unknown; source: GridSource } {
  const { value, lines, start, strange } = parseYaml(file, text, holdsLabels);

  const find: GridSource['find'] = (path, part = 'value') => {
    let holder = value;
    let offset = start;
    for (const [index, step] of path.entries()) {
      const entry = entryAt(holder, step);
      if (entry === undefined) return undefined;
      holder = entry.value;
      offset = part === 'key' && index === path.length - 1 ? entry.keyOffset : entry.valueOffset;
    }
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };

  const locate = (path: NodePath, part?: 'key' | 'value'): Position => {
    for (let length = path.length; length >= 0; length--) {
      const found = find(path.slice(0, length), length === path.length ? part : 'value');
      if (found) return found;
    }
    return { line: 1, column: 1 };
  };

  return { value, source: { file, find, locate, explain: strange.explain } };
}
