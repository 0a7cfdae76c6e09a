import { createHash } from 'node:crypto';
import { defaultObjective } from '../../../trainer/contract/defaults.js';
import type { RunSpec } from '../../../trainer/contract/run-spec.js';

/** Hash of a RunSpec without its seed, its objective and where data and weights lie: equal for cells that differ only in `seed`. */
export function familyOf(spec: RunSpec): string {
  const { seed: _seed, data, init, trainer, ...rest } = spec;
  const { root: _root, ...content } = data;
  // Specs of other programs may have no init.
  const weights = init ? { hash: init.hash, strict: init.strict } : null;
  return createHash('sha256')
    .update(
      canonicalJson({
        ...rest,
        data: content,
        init: weights,
        trainer: programOf(trainer),
        objective: defaultObjective,
      }),
    )
    .digest('base64url')
    .slice(0, 16);
}

/** A grid has the program of one folder, whatever numbers its cells are kept under. */
function programOf(trainer: RunSpec['trainer']) {
  // Specs of other programs may have none.
  if (!trainer) return trainer;
  const { inputs: _inputs, folderNumber: _folderNumber, ...program } = trainer;
  return program;
}

/** JSON with the keys of every object in order. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
