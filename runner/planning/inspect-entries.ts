import type { DataSpec } from '../../trainer/contract/run-spec.js';
import { GridfarmError } from '../domain/error.js';
import { askOf, type SlotEntry } from '../slots/slots-file.js';
import type { ResultsPaths } from '../store/run-paths.js';
import type { SlotContext } from '../trainer-client/trainer-run.js';
import { type Inspections, inspectAll } from './inspect-data.js';

/**
 * What each data set holds where the slots of each entry are; entries that are written alike are asked once.
 *
 * @throws GridfarmError `environment` naming two entries that find other data under the same name
 */
export async function inspectEntries(
  entries: readonly SlotEntry[],
  specs: readonly DataSpec[],
  context: SlotContext,
  paths: ResultsPaths,
): Promise<Inspections> {
  const all: { name: string; key: string; inspections: Inspections }[] = [];
  for (const [index, entry] of entries.entries()) {
    const key = JSON.stringify([entry.backend.name, entry.settings]);
    if (all.some(other => other.key === key)) continue;
    // What was found for one entry is kept apart from what was found for another, and from what this machine has by itself.
    const where = JSON.stringify(entry.settings) === '{}' ? undefined : key;
    const inspections = await inspectAll(specs, askOf(entry, context), paths, where);
    all.push({ name: `slots[${index}] (${entry.backend.name})`, key, inspections });
  }
  const [first, ...others] = all;
  for (const other of others)
    for (const spec of specs) {
      const [one, two] = [first!, other].map(({ inspections }) => inspections.found.get(spec)?.fingerprint);
      if (one !== two)
        throw new GridfarmError(
          'environment',
          `${spec.name}: ${first!.name} and ${other.name} find different data in ${spec.root}; results would not compare. Give both the same files, or run on one of them`,
        );
    }
  return {
    found: first!.inspections.found,
    keep() {
      for (const { inspections } of all) inspections.keep();
    },
  };
}
