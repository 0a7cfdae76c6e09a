/** The `data` section: defaults by format, the absolute root, and paths that stay inside it. */
import { basename, isAbsolute, normalize, resolve } from 'node:path';
import { defaultData } from '../../../trainer/contract/defaults.js';
import type { DataSpec } from '../../../trainer/contract/run-spec.js';
import type { Setting } from '../../domain/grid.js';
import type { NodePath } from '../../domain/problem.js';
import { bundledMnist, dataRootNow } from './data-root.js';
import { merge } from './merge.js';
import type { ResolveContext } from './resolve-context.js';

/**
 * @param settings those that `given` was merged from, to find their nodes
 * @param given `data` as written
 */
export function resolveData(
  settings: readonly Setting[],
  given: Record<string, unknown>,
  { report, free, folder, dataRoot }: ResolveContext,
): DataSpec {
  const filled = merge(structuredClone(defaultData) as Record<string, unknown>, given) as unknown as DataSpec;
  filled.format ??= 'mnist';
  if (filled.format === 'mnist' && given.channels === undefined) filled.channels = 1;
  const root = typeof given.root === 'string' ? given.root : undefined;
  const bundled = filled.format === 'mnist' && root === undefined;
  filled.name ??= root === undefined ? 'mnist' : basename(resolve(folder, root));
  filled.root = bundled ? bundledMnist() : resolve(folder, root ?? '.');
  filled.root = dataRootNow(filled, dataRoot);
  if (filled.format === 'folder') filled.images ??= '.';
  if (free) return filled;

  const nodeOf = (key: string) => dataNode(settings, key);
  const problem = (key: string, message: string) => report.add(nodeOf(key), message);
  if (root !== undefined && given.format === undefined)
    problem('root', 'needs "format" beside it: csv, folder or mnist');
  if (root === undefined && filled.format !== 'mnist' && dataRoot === null)
    problem('format', `${filled.format} needs "root", or --data DIR`);
  if (root === undefined && filled.format !== 'mnist' && given.name === undefined)
    problem('format', `${filled.format} without "root" needs "name"`);
  for (const key of requiredFiles(filled))
    if (filled[key] === null) problem('format', `${filled.format} needs "${key}" beside it`);
  for (const key of ['images', 'labels', 'validationLabels'] as const) {
    const path = filled[key];
    if (typeof path === 'string' && (isAbsolute(path) || normalize(path).startsWith('..')))
      problem(key, `must be a path inside root, got "${path}"`);
  }
  return filled;
}

/** Keys of the DataSpec that name files which must be there. */
export function requiredFiles({
  format,
  validation,
}: DataSpec): ('images' | 'labels' | 'validationLabels')[] {
  if (format === 'mnist') return [];
  if (format === 'folder') return ['images'];
  return validation?.source === 'files' ? ['images', 'labels', 'validationLabels'] : ['images', 'labels'];
}

/** The deepest node that sets this key of `data`. */
function dataNode(settings: readonly Setting[], key: string): NodePath {
  const exact = settings.findLast(({ path }) => path === `data.${key}`);
  if (exact) return exact.at;
  const whole = settings.findLast(({ path }) => path === 'data');
  return whole ? [...whole.at, key] : ['data', key];
}
