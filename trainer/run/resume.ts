/** Where a run stands: what its checkpoints say. */
import type { Checkpoint, CheckpointStore } from '../checkpoints/checkpoint-store.js';
import { namedClasses } from '../checkpoints/class-rows.js';
import { hadOneDnn } from '../contract/cpu-features.js';
import type { Provenance } from '../contract/events.js';

/**
 * The checkpoint to go on from, or null to begin. One that was made from other data or by another trainer version is
 * no part of this run: it is set aside, as is what is left where none is whole. Another engine goes on with a warning, since the numbers differ in their last bits.
 */
export async function findCheckpoint(
  store: CheckpointStore,
  { current, classNames, metric }: { current: Provenance; classNames: readonly string[]; metric: string },
  onWarning: (message: string) => void,
): Promise<Checkpoint | null> {
  const beginAnew = async (reason: string) => {
    const folder = await store.setAside();
    if (folder !== null)
      onWarning(`${reason}: beginning anew; what there was is in the cell's folder ${folder}`);
    return null;
  };
  const checkpoint = await store.loadNewest(onWarning, metric);
  if (checkpoint === null) return beginAnew('no checkpoint is whole');
  const { provenance, epoch } = checkpoint.state;
  const differences = [
    ...(provenance.dataFingerprint === current.dataFingerprint ? [] : ['the data changed']),
    ...(provenance.trainerVersion === current.trainerVersion
      ? []
      : [`trainer version ${provenance.trainerVersion} became ${current.trainerVersion}`]),
    ...(isOfClasses(checkpoint, classNames) ? [] : ['the classes or their order changed']),
  ];
  if (differences.length > 0)
    return beginAnew(`the checkpoint of epoch ${epoch} is of another run (${differences.join(', ')})`);
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

/** A row of the last layer is a class: the same data may be read with others, or in another order, by then. */
function isOfClasses({ weights }: Checkpoint, classNames: readonly string[]): boolean {
  const named = namedClasses(weights.metadata);
  return named === undefined || JSON.stringify(named) === JSON.stringify(classNames);
}
