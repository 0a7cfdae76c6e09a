/** What a name says of the part of a data set that lies there. */

export type PartName = 'train' | 'validation' | 'test';

const wordsOf: Readonly<Record<PartName, readonly string[]>> = {
  train: ['train', 'training', 'trn', 'trainset'],
  validation: ['validation', 'val', 'valid', 'validate', 'dev', 'valset', 'devset'],
  test: ['test', 'testing', 'tst', 'testset'],
};

/** Words that say no more than that it is a part: `train_set`, `test-images`. */
const fillers = new Set([
  'set',
  'data',
  'dataset',
  'images',
  'image',
  'imgs',
  'img',
  'split',
  'part',
  'folder',
]);

export interface NamedPart {
  part: PartName;
  /** Nothing else is in the name: `Train`, `training_set`; not so `seg_train`. */
  isExact: boolean;
}

/** The part that a folder or file is by its name (without extension), in any case; undefined for none and for two. */
export function partOf(name: string): NamedPart | undefined {
  const words = name
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter(word => word !== '');
  const found = words.flatMap(word => partsOfWord(word));
  const parts = new Set(found);
  if (parts.size !== 1) return undefined;
  const [part] = parts;
  return { part: part!, isExact: words.every(word => fillers.has(word) || partsOfWord(word).length > 0) };
}

const partsOfWord = (word: string): PartName[] =>
  (Object.keys(wordsOf) as PartName[]).filter(part => wordsOf[part].includes(word));
