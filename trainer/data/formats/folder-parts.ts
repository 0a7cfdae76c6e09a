import { type PartName, partOf } from '../part-names.js';
import { type FolderFacts, type FolderLevel, insideWrappers, levelOf, someOf } from './folder-level.js';

/** How the folders of a data set are to be read. Prefixes are empty or end in `/`. */
export type FolderLayout =
  | { kind: 'classes'; prefix: string; doubt?: string }
  | {
      kind: 'parts';
      train: FoundPart;
      /** Null where there is none with classes of the training part. */
      validation: FoundPart | null;
      /** Whatever else lies there, worded. */
      leftOut: string[];
    }
  /** Parts by their names, but not to be used as such. */
  | { kind: 'unclear'; why: string };

interface FoundPart {
  /** Path of its folder, without what is around its classes. */
  folder: string;
  /** Its classes lie below. */
  prefix: string;
}

/**
 * Tells class folders from the parts of a data set (`train`, `Test`, `valid`, `seg_train`), wherever wrapper folders put
 * them. A folder is a part rather than a class if it is called so, has folders itself, and another part lies beside it:
 * `train/` beside `car/` is a railway.
 */
export function folderLayout(names: readonly string[]): FolderLayout {
  const prefix = insideWrappers(names, '');
  const level = levelOf(names, prefix);
  const named = [...level.folders].flatMap(([name, facts]) => {
    const found = partOf(name);
    return found ? [{ name, facts, ...found }] : [];
  });
  const others = [...level.folders].filter(([name]) => partOf(name) === undefined);
  const kinds = new Set(named.map(({ part }) => part));
  const isTrainNested = named.some(({ part, facts }) => part === 'train' && facts.folders.size > 0);
  const isAlone = others.length === 0 && level.folders.size > 1;
  if (isTrainNested && (kinds.size > 1 || isAlone)) return partsIn(names, prefix, level, named);
  if (isAlone)
    return {
      kind: 'unclear',
      why: `the folders ${someOf(level.folders.keys())} are parts of a data set by their names, not classes, and ${
        kinds.has('train') ? 'train has no class folders' : 'none of them is for training'
      }; expected a folder for each class (or data.format: csv with a table of labels); folders that are classes need other names`,
    };
  const [nested] = named.filter(({ facts }) => facts.folders.size > 0 && facts.loose === 0);
  if (nested && others.every(([, facts]) => facts.folders.size === 0))
    return besideClasses(nested, others, prefix);
  const loose = named.find(({ part, isExact }) => part !== 'train' && isExact);
  const doubt = loose
    ? `the folder ${prefix}${loose.name} (${loose.facts.images} images) is taken for a class, though it is called like a part of a data set: move it away if it is one`
    : doubtOf(level.folders, prefix);
  return { kind: 'classes', prefix, ...(doubt !== undefined && { doubt }) };
}

/** A part among folders that look like classes. */
function besideClasses(
  { name, part, facts }: Named,
  others: readonly [string, FolderFacts][],
  prefix: string,
): FolderLayout {
  const wayOut =
    part === 'train'
      ? `set data.images to ${prefix}${name} if its folders are the classes`
      : 'move it away, or put the class folders into a folder train beside it';
  return {
    kind: 'unclear',
    why: `the folder ${prefix}${name} is a part of a data set by its name and holds the folders ${someOf(facts.folders)}, but beside it lie ${someOf(others.map(([other]) => other))}: ${wayOut}; if it is a class, give it another name`,
  };
}

interface Named {
  name: string;
  facts: FolderFacts;
  part: PartName;
  isExact: boolean;
}

function partsIn(
  names: readonly string[],
  prefix: string,
  level: FolderLevel,
  named: readonly Named[],
): FolderLayout {
  const train = chooseOne(named, 'train');
  if (Array.isArray(train))
    return {
      kind: 'unclear',
      why: `the folders ${train.join(', ')} are all training parts by their names: set data.images to one of them`,
    };
  const trainPart = {
    folder: `${prefix}${train!.name}`,
    prefix: insideWrappers(names, `${prefix}${train!.name}/`),
  };
  const validation = chooseOne(named, 'validation');
  if (Array.isArray(validation))
    return {
      kind: 'unclear',
      why: `the folders ${validation.join(', ')} are all validation parts by their names: set data.images to ${trainPart.folder}`,
    };
  const classes = levelOf(names, trainPart.prefix).folders;
  const found = validation && validationIn(names, `${prefix}${validation.name}`, classes);
  const used = new Set([train!.name, ...(found ? [validation.name] : [])]);
  const leftOut = [...level.folders]
    .filter(([name]) => !used.has(name))
    .map(([name, { images }]) => `${prefix}${name} (${images} image${images === 1 ? '' : 's'})`);
  return {
    kind: 'parts',
    train: trainPart,
    validation: found ?? null,
    leftOut: [...leftOut, ...level.loose],
  };
}

/** The folder that is this part: of those called so and nothing else, else of all; the names of several. */
function chooseOne(named: readonly Named[], part: PartName): Named | undefined | string[] {
  const all = named.filter(
    found => found.part === part && (part !== 'train' || found.facts.folders.size > 0),
  );
  // Where both are there, these have always been taken.
  const exact = ['train', 'validation', 'val'].map(name => all.find(found => found.name === name));
  const first = exact.find(found => found !== undefined);
  if (first) return first;
  const closest = all.some(({ isExact }) => isExact) ? all.filter(({ isExact }) => isExact) : all;
  return closest.length > 1 ? closest.map(({ name }) => name) : closest[0];
}

/** A part of another structure (`val/images/`) can't be validated on. */
function validationIn(
  names: readonly string[],
  folder: string,
  classes: ReadonlyMap<string, unknown>,
): FoundPart | undefined {
  const hasClasses = (prefix: string) =>
    [...levelOf(names, prefix).folders.keys()].some(name => classes.has(name));
  return [`${folder}/`, insideWrappers(names, `${folder}/`)]
    .filter(hasClasses)
    .map(prefix => ({ folder, prefix }))[0];
}

/** Folders in class folders: may be part of the class, or what was meant as the classes. */
function doubtOf(folders: ReadonlyMap<string, FolderFacts>, prefix: string): string | undefined {
  const deep = [...folders].filter(([, facts]) => facts.loose === 0 && facts.folders.size > 1);
  const [first] = deep;
  if (!first) return undefined;
  const [name, { folders: inner }] = first;
  const parts = [...inner].filter(folder => partOf(folder) !== undefined);
  return parts.length > 1
    ? `the parts ${someOf(parts)} in the class folder ${name} are taken together, a test part too: parts must lie around the classes (train/${name}, not ${name}/train)`
    : `${deep.length} of ${folders.size} class folders hold folders alone, all of which count as the one class: ${name} has ${someOf(inner)}; if these are the classes, set data.images to ${prefix}${name}`;
}
