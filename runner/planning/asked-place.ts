import type { RunSpec } from '../../trainer/contract/run-spec.js';
import { UsageError } from '../domain/error.js';
import { dataRootNow } from '../grid/settings/data-root.js';
import { dataAt } from '../slots/data-root.js';
import { askOf, slotEntries } from '../slots/slots-file.js';
import type { Ask } from '../trainer-client/ask-trainer.js';
import type { SlotContext } from '../trainer-client/trainer-run.js';

/** Whom the questions are asked that no run is needed for: the trainer where the slots of one entry are. */
export interface AskedPlace {
  ask: Ask;
  /** Where those slots have the data; null: where grids say. */
  slotRoot: string | null;
  /** `--data`: where the data of grids lie, instead of where they say. */
  dataRoot: string | undefined;
}

/**
 * @param file a slots file; undefined: this machine as it is
 * @param index of the entry, from 0 on
 * @throws GridError for what is wrong with the slots file, UsageError where it has no such entry
 */
export async function askedPlace(
  {
    slots: file,
    entry: index,
    data,
  }: { slots?: string | undefined; entry?: number | undefined; data?: string | undefined },
  context: SlotContext,
): Promise<AskedPlace> {
  if (file === undefined && index !== undefined) throw new UsageError('--entry needs --slots');
  const entries = await slotEntries(file);
  const entry = entries[index ?? 0];
  if (entry === undefined)
    throw new UsageError(
      `--entry ${index}: ${file} has ${entries.length === 1 ? 'one entry, 0' : `${entries.length} entries, 0 to ${entries.length - 1}`}`,
    );
  return {
    ask: askOf(entry, context),
    slotRoot: entry.backend.dataRoot(entry.settings),
    dataRoot: data,
  };
}

/** A cell of a grid file as it is read there. */
export const specAt = (spec: Readonly<RunSpec>, { slotRoot }: AskedPlace): RunSpec => ({
  ...spec,
  data: dataAt(slotRoot, spec.data),
});

/** A cell of the results as it is read there: its data may lie elsewhere than when it was trained. */
export const storedSpec = (spec: Readonly<RunSpec>, place: AskedPlace): RunSpec =>
  specAt({ ...spec, data: { ...spec.data, root: dataRootNow(spec.data, place.dataRoot) } }, place);
