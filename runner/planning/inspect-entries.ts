import type { DataSpec } from '../../trainer/contract/run-spec.js';
import { GridfarmError } from '../domain/error.js';
import { dataAt } from '../slots/data-root.js';
import { distinctEntries, type SlotEntry } from '../slots/slots-file.js';
import type { ResultsPaths } from '../store/run-paths.js';
import type { SlotContext } from '../trainer-client/trainer-run.js';
import { askNamed } from './ask-entries.js';
import { type Inspections, inspectAll } from './inspect-data.js';

/**
 * What each data set holds where the slots of each entry have it; entries that are written alike are asked once.
 *
 * @throws GridfarmError `grid` where an entry has one folder for data of several; `environment` naming two entries that find other data under the same name
 */
export async function inspectEntries(
  entries: readonly SlotEntry[],
  specs: readonly DataSpec[],
  context: SlotContext,
  paths: ResultsPaths,
): Promise<Inspections> {
  const all: { name: string; data: DataSpec[]; inspections: Inspections }[] = [];
  const roots = new Set(specs.map(({ root }) => root));
  const distinct = distinctEntries(entries);
  for (const named of distinct) {
    const { name, entry } = named;
    // What was found for one entry is kept apart from what was found for another, and from what this machine has by itself.
    const { settings, backend } = entry;
    const where = JSON.stringify(settings) === '{}' ? undefined : JSON.stringify([backend.name, settings]);
    const root = backend.dataRoot(settings);
    if (root !== null && roots.size > 1)
      throw new GridfarmError(
        'grid',
        `${name}: data: ${root} would stand for ${roots.size} folders of this grid (${[...roots].join(', ')}); leave data out of the entry, or make a grid of each`,
      );
    const data = specs.map(spec => dataAt(root, spec));
    const inspections = await inspectAll(data, askNamed(named, distinct.length, context), paths, where);
    all.push({ name, data, inspections });
  }
  const [first, ...others] = all;
  for (const other of others)
    for (const [index, { name }] of specs.entries()) {
      const [one, two] = [first!, other].map(({ data, inspections }) => inspections.found.get(data[index]!));
      if (one?.fingerprint !== two?.fingerprint)
        throw new GridfarmError(
          'environment',
          `${name}: ${first!.name} and ${other.name} find different data, in ${first!.data[index]!.root} and ${other.data[index]!.root}; results would not compare. Give both the same files, or run on one of them`,
        );
    }
  return {
    found: new Map(specs.map((spec, index) => [spec, first!.inspections.found.get(first!.data[index]!)!])),
    keep() {
      for (const { inspections } of all) inspections.keep();
    },
  };
}
