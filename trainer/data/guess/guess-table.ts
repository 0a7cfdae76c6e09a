import { join } from 'node:path';
import { someOf } from '../formats/folder-level.js';
import { type ImagePlace, partOfFile } from './image-places.js';
import { type Doubt, idColumn, labelColumn } from './table-columns.js';
import { sampleTable } from './table-sample.js';

/** A table of labels and its images. */
export interface TableReading {
  labels: string;
  images: ImagePlace;
  columns: { id: string; label: string };
  evidence: string[];
}

/** What a table is: of labels; of something else (undefined); or of labels, but which is not sure. */
type TableGuess = TableReading | ({ table: string } & Doubt) | undefined;

/** Looks for the columns of the table `file` of the data folder, and where its images are. */
export function guessTable(root: string, file: string, places: readonly ImagePlace[]): TableGuess {
  let sample: ReturnType<typeof sampleTable>;
  try {
    sample = sampleTable(join(root, file));
  } catch (error) {
    return { table: file, doubt: (error as Error).message, isNoTable: true };
  }
  if (sample.rows.length === 0) return undefined;
  const ids = places.flatMap(place => {
    const id = idColumn(sample, place.finder);
    return id ? [{ place, id }] : [];
  });
  const inside = ids.filter(({ place }) => place.path !== '.');
  const chosen = choosePlace(
    (inside.length > 0 ? inside : ids).map(({ place }) => place),
    file,
  );
  if (chosen === undefined) return undefined;
  if (Array.isArray(chosen))
    return {
      table: file,
      doubt: `its ids name images in each of ${chosen.map(({ path }) => path).join(', ')}`,
    };
  const { id } = ids.find(({ place }) => place === chosen)!;
  if ('doubt' in id) return { table: file, ...id };
  const label = labelColumn(sample, id.column);
  if ('doubt' in label) return { table: file, ...label };
  return {
    labels: file,
    images: chosen,
    columns: { id: id.column, label: label.column },
    evidence: [`${file}: ${id.evidence} in ${chosen.path}`, `${file}: ${label.evidence}`],
  };
}

/** Of several places with the images: the one of the table's own part; a zip and what was unpacked from it are one. */
function choosePlace(places: readonly ImagePlace[], table: string): ImagePlace | ImagePlace[] | undefined {
  const part = partOfFile(table) ?? 'train';
  const own = places.filter(({ path }) => partOfFile(path) === part);
  const candidates = own.length > 0 ? own : places.filter(({ path }) => partOfFile(path) !== 'test');
  const [first, ...others] = [...candidates].sort(
    (a, b) => Number(a.kind === 'zip') - Number(b.kind === 'zip'),
  );
  if (!first) return undefined;
  return others.every(other => holdsTheSame(first, other)) ? first : candidates;
}

function holdsTheSame(a: ImagePlace, b: ImagePlace): boolean {
  return a.names.length === b.names.length && a.names.every(name => b.finder.find(name) !== undefined);
}

/** The tables to train and to validate on, of all that were read; or why that isn't sure. */
export function chooseTables(
  readings: readonly TableReading[],
): { train: TableReading; validation?: TableReading; unused: string[] } | { doubt: string } {
  const ofPart = (part: string | undefined) => readings.filter(({ labels }) => partOfFile(labels) === part);
  const [train, validation, neutral] = [ofPart('train'), ofPart('validation'), ofPart(undefined)];
  const candidates = train.length > 0 ? train : neutral;
  const [first] = candidates;
  if (!first || candidates.length > 1)
    return {
      doubt: `${someOf((first ? candidates : readings).map(({ labels }) => labels))} ${first ? 'could each be the labels' : 'is no table to train on by its name'}`,
    };
  const [own] = validation;
  const fits =
    own !== undefined &&
    validation.length === 1 &&
    own.images === first.images &&
    own.columns.id === first.columns.id &&
    own.columns.label === first.columns.label;
  const used = fits ? [first, own] : [first];
  const unused = readings.filter(reading => !used.includes(reading)).map(({ labels }) => labels);
  return { train: first, unused, ...(fits && { validation: own }) };
}
