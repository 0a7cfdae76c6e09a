/**
 * What version of the trainer's arithmetic a result rests on. It changes where the same RunSpec on the same data would give
 * other numbers: those results, and no others, are then reported as stale.
 */
import { currentNumerics } from './numerics-history.js';
import type { Component, RunSpec } from './run-spec.js';

export const trainerVersion = currentNumerics.version;

/** Corrections since then, each with the runs whose numbers it changes. Never edited, new ones are appended. */
const corrections: readonly {
  name: string;
  changes(spec: RunSpec, classes: number, hasDrawnTies: boolean): boolean;
}[] = [
  {
    // Depthwise filters go by AdamW; they were made orthogonal as one long vector.
    name: 'muon-depthwise',
    changes: ({ optimizer, model }) =>
      optimizer.name === 'muon' && /^(efficientnet|mobilenet|convnext)/.test(model.name),
  },
  {
    // A hidden layer as wide as there are classes began with zeros, as the last one does, and never learned.
    name: 'vit-hidden-layers',
    changes: ({ model }, classes) =>
      model.name.startsWith('vit') &&
      Array.isArray(model.hiddenLayers) &&
      model.hiddenLayers.includes(classes),
  },
  {
    // On some CPUs the first convolution was wrong by 40% (direct-convolution.ts); on which ones a run was is not known.
    name: 'bfloat16-odd-channels',
    changes: ({ train, model }) => train.precision === 'bfloat16' && hasOverlappingStem(model),
  },
  {
    // With too few validation images for all classes, the last ones by name had none; the seed draws which.
    name: 'split-ties',
    changes: (_, __, hasDrawnTies) => hasDrawnTies,
  },
];

/** Transformers and, by default, ConvNeXt begin with patches side by side, which are a product of matrices. */
const hasOverlappingStem = ({ name, stemKernel, stemStride }: Component): boolean =>
  stemKernel !== undefined && !(name.startsWith('convnext') && stemKernel === stemStride);

/**
 * That of a run on data of so many classes: `1`, or `1+muon-depthwise`.
 *
 * @param hasDrawnTies what the data's inspection says of it
 */
export function trainerVersionOf(spec: Readonly<RunSpec>, classes: number, hasDrawnTies = false): string {
  const names = corrections
    .filter(({ changes }) => changes(spec, classes, hasDrawnTies))
    .map(({ name }) => name);
  return [trainerVersion, ...names].join('+');
}
