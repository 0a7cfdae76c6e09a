/** Where a run stands: what its checkpoints say. */
import type { Checkpoint, CheckpointStore } from '../checkpoints/checkpoint-store.js';
import { hadOneDnn } from '../contract/cpu-features.js';
import type { Provenance } from '../contract/events.js';

/**
 * The checkpoint to go on from, or null to begin. One that was made from other data or by another trainer version is
 * no part of this run: it is removed. Another engine goes on with a warning, since the numbers differ in their last bits.
 */
export async function findCheckpoint(
  store: CheckpointStore,
  current: Provenance,
  onWarning: (message: string) => void,
): Promise<Checkpoint | null> {
  const checkpoint = await store.loadNewest(onWarning);
  if (checkpoint === null) return null;
  const { provenance, epoch } = checkpoint.state;
  const differences = [
    ...(provenance.dataFingerprint === current.dataFingerprint ? [] : ['the data changed']),
    ...(provenance.trainerVersion === current.trainerVersion
      ? []
      : [`trainer version ${provenance.trainerVersion} became ${current.trainerVersion}`]),
  ];
  if (differences.length > 0) {
    onWarning(
      `the checkpoint of epoch ${epoch} is of another run (${differences.join(', ')}): beginning anew`,
    );
    await store.clear();
    return null;
  }
  const here = current.engine.cpu;
  const describe = ({ engine: { name, version, device, cpu } }: Provenance) => {
    const oneDnn = here === undefined || hadOneDnn(cpu, here) ? '' : ' without oneDNN';
    return `${name} ${version} on ${device}${oneDnn}`;
  };
  if (describe(provenance) !== describe(current))
    onWarning(
      `begun with ${describe(provenance)}, goes on with ${describe(current)}: the last bits will differ`,
    );
  return checkpoint;
}
