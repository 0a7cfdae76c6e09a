/** What of a model is not trained. */
import { type ModelEntry, matchesPattern } from '../contract/freeze.js';

/**
 * Names of the entries that one of the patterns matches. Throws where a pattern matches no parameter and no running
 * statistic, and where no parameter is left to train.
 */
export function frozenNames(entries: readonly ModelEntry[], patterns: readonly string[]): Set<string> {
  const frozen = new Set<string>();
  for (const pattern of patterns) {
    const matching = entries.filter(({ name }) => matchesPattern(pattern, name));
    if (matching.length === 0) throw new Error(`train.freeze: nothing in the model matches ${pattern}`);
    for (const { name } of matching) frozen.add(name);
  }
  // A batch norm that doesn't watch its batches doesn't count them.
  for (const { name, role } of entries)
    if (role === 'counter' && frozen.has(name.replace(/[^.]*$/, 'running_mean'))) frozen.add(name);
  if (entries.every(({ name, role }) => role !== 'parameter' || frozen.has(name)))
    throw new Error('train.freeze: no parameter is left to train');
  return frozen;
}
