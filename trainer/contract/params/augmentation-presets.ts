/** Augmentations that a grid can call by name. They are written out in the RunSpec. */

/** An augmentation as a grid writes it; what is left out has its default. */
interface Preset {
  description: string;
  transforms: (string | { name: string; [parameter: string]: unknown })[];
  mix?: string[];
  mixEvery?: 'batch' | 'epoch';
}

export const presets = {
  none: { description: 'normalization alone', transforms: ['normalize'] },
  cifar: {
    description: 'He et al. 2015: flip, random crop with 4 pixels of padding',
    transforms: ['randomCrop', 'randomHorizontalFlip', 'normalize'],
  },
  imagenet: {
    description: 'Szegedy et al. 2015: random resized crop, flip',
    transforms: ['randomResizedCrop', 'randomHorizontalFlip', 'normalize'],
  },
  report: {
    description:
      'the reference report’s last: random resized crop, flip, RandAugment, random erasing; CutMix or MixUp for each epoch',
    transforms: ['randomResizedCrop', 'randomHorizontalFlip', 'randAugment', 'normalize', 'randomErasing'],
    mix: ['cutMix', 'mixUp'],
    mixEvery: 'epoch',
  },
  /** Of a time before the report’s text was at hand; results were found under it, so it stays what it is. */
  reference: {
    description:
      'an earlier reading of `report`: random resized crop of at least 35%, flip, TrivialAugmentWide, random erasing; CutMix or MixUp for each batch',
    transforms: [
      { name: 'randomResizedCrop', scale: [0.35, 1] },
      'randomHorizontalFlip',
      'trivialAugmentWide',
      'normalize',
      'randomErasing',
    ],
    mix: ['cutMix', 'mixUp'],
  },
} satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;
