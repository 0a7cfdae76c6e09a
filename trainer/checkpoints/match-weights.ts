/** Which tensors of a file a model can begin with: by the header alone. */
import type { ElementType } from '../contract/safetensors-header.js';
import { classRows, describeRows, namedClasses } from './class-rows.js';
import { isFloat } from './element-types.js';
import { fileShape } from './layout.js';
import { canResize } from './position-embedding.js';
import { namesOfFile } from './published-names.js';
import type { EntryDescription } from './state-dict.js';

/** A tensor that the model takes. */
export interface Taken {
  entry: EntryDescription;
  nameInFile: string;
  /**
   * `positions`: embeddings that are interpolated. A list: the row of the file for each class of the model, -1 where the
   * file doesn't know it and the model's own values stay.
   */
  how: 'whole' | 'positions' | readonly number[];
}

export interface Match {
  taken: Taken[];
  /** Parameters and running statistics of the model. */
  wanted: number;
  /** What doesn't fit, and why: of the file, then of the model. */
  skipped: string[];
  /** Position embeddings of another number of patches. */
  resized: string[];
  /** Heads of which only the rows of some classes are taken. */
  partial: string[];
  /** What else is to be known; `strict` allows it. */
  remarks: string[];
  /** Why nothing can be taken: the file has several models. */
  problem: string | undefined;
}

/** What a file says of itself and its tensors. */
export interface Described {
  metadata: Readonly<Record<string, string>>;
  tensors: ReadonlyMap<string, { type: ElementType; shape: readonly number[] }>;
}

/**
 * A tensor is taken where its name and shape are the model's: rows of the last layer by the names of their classes, where the
 * file says them (`classes` in its metadata, as the trainer writes it).
 *
 * @param classNames of the data, in the order of the model's outputs; undefined: rows are taken in the order of the file
 */
export function matchWeights(
  entries: readonly EntryDescription[],
  { metadata, tensors }: Described,
  classNames?: readonly string[],
): Match {
  const isWanted = ({ role }: EntryDescription) => role === 'parameter' || role === 'buffer';
  const known = new Map(entries.map(entry => [entry.name, entry]));
  const { names, prefix, alike } = namesOfFile(tensors.keys(), new Set(known.keys()));
  const missing = new Set(entries.filter(isWanted).map(({ name }) => name));
  const match: Match = {
    taken: [],
    wanted: missing.size,
    skipped: [],
    resized: [],
    partial: [],
    remarks: prefix === '' ? [] : [`its names without "${prefix}"`],
    problem:
      alike.length === 0
        ? undefined
        : `holds several models, under ${alike.map(name => `"${name}"`).join(', ')}; save the one that is meant alone`,
  };
  const classes = classNames && { own: classNames, ofFile: namedClasses(metadata) };
  for (const [name, tensor] of tensors) {
    const entry = known.get(names.get(name) ?? '');
    if (entry === undefined) match.skipped.push(`${name} (the model has none)`);
    else if (isWanted(entry)) {
      if (missing.delete(entry.name)) matchTensor(entry, name, tensor, classes, match);
      else match.skipped.push(`${name} (another one is taken for ${entry.name})`);
    }
  }
  for (const name of missing) match.skipped.push(`${name} (not in the file)`);
  return match;
}

function matchTensor(
  entry: EntryDescription,
  nameInFile: string,
  { type, shape }: { type: ElementType; shape: readonly number[] },
  classes: { own: readonly string[]; ofFile: readonly string[] | undefined } | undefined,
  { taken, skipped, resized, partial, remarks }: Match,
): void {
  const expected = fileShape(entry.shape, entry.layout);
  const shapes = `${nameInFile} ([${shape}], the model has [${expected}])`;
  if (!isFloat(type)) {
    skipped.push(`${nameInFile} (${type}: weights are floating-point numbers)`);
    return;
  }
  const isOfClasses = entry.ofClasses === true && classes !== undefined;
  if (isOfClasses && classes.ofFile?.length === shape[0] && sameButRows(shape, expected)) {
    const rows = classRows(classes.own, classes.ofFile!);
    const { kind, words } = describeRows(rows, classes.own, classes.ofFile!);
    if (kind === 'none') skipped.push(`${nameInFile} (${words})`);
    else {
      taken.push({ entry, nameInFile, how: kind === 'same' ? 'whole' : rows });
      if (kind === 'partial') partial.push(`${nameInFile} (${words})`);
      if (kind === 'order') remarks.push(`${nameInFile} ${words}`);
    }
  } else if (withoutOnes(expected) === withoutOnes(shape)) {
    taken.push({ entry, nameInFile, how: 'whole' });
    if (isOfClasses) remarks.push(`${nameInFile} in the file's order of classes, which it doesn't name`);
  } else if (/pos_embed/.test(entry.name) && canResize(shape, expected)) {
    taken.push({ entry, nameInFile, how: 'positions' });
    resized.push(shapes);
  } else skipped.push(shapes);
}

/** A linear layer is a 1×1 convolution: some programs store it as the one, some as the other. */
const withoutOnes = (shape: readonly number[]): string => shape.join().replace(/(,1)+$/, '');

const sameButRows = (shape: readonly number[], expected: readonly number[]): boolean =>
  withoutOnes([0, ...shape.slice(1)]) === withoutOnes([0, ...expected.slice(1)]);
