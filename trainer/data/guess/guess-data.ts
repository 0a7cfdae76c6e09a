/** What a folder of data is laid out like. */
import { readdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { DataGuess } from '../../contract/data-report.js';
import { levelOf, someOf } from '../formats/folder-level.js';
import { folderLayout } from '../formats/folder-parts.js';
import { chooseTables, guessTable, type TableReading } from './guess-table.js';
import { type ImagePlace, imagePlaces, partOfFile } from './image-places.js';

const idxFile = /[-.]idx[13]-ubyte(\.gz)?$/;
const tableFile = /\.(csv|tsv)$/i;
const noTable = /submission/i;

type Guess = { data: Record<string, unknown>; evidence: string[] };

/**
 * The `data` section of a grid for a folder, and on what evidence: MNIST's IDX files; a table of labels beside a zip or a
 * folder of images; a folder (or a zip) with a folder for each class, perhaps in parts. Refused where two readings fit.
 */
export function guessData(folder: string): DataGuess {
  const root = resolve(folder);
  const entries = readdirSync(root, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
  const files = entries.filter(entry => !entry.isDirectory()).map(({ name }) => name);
  const common = { name: basename(root), root };
  const whole = ({ data, evidence }: Guess): DataGuess => ({ data: { ...common, ...data }, evidence });
  const refuse = (why: string): DataGuess => ({
    refusal: `${folder}: ${why}; write a grid file whose data section says format, root, images, labels and columns`,
  });
  const idx = files.find(name => idxFile.test(name));
  if (idx !== undefined)
    return whole({ data: { format: 'mnist' }, evidence: [`${idx} is a file of MNIST's kind`] });

  const { places, broken } = imagePlaces(root);
  const tables = files.filter(
    name => tableFile.test(name) && !noTable.test(name) && partOfFile(name) !== 'test',
  );
  const guesses = tables.map(file => guessTable(root, file, places));
  const readings = guesses.filter((guess): guess is TableReading => guess !== undefined && 'labels' in guess);
  const doubtful = guesses.flatMap(guess => (guess && 'doubt' in guess ? [guess] : []));
  const doubts = doubtful.map(({ table, doubt }) => `${table}: ${doubt}`);
  if (readings.length > 0) {
    const chosen = chooseTables(readings);
    if ('doubt' in chosen) return refuse(chosen.doubt);
    const notUsed = [...chosen.unused, ...doubts].map(what => `not used: ${what}`);
    return whole({ data: tableData(chosen), evidence: [...evidenceOf(chosen), ...notUsed] });
  }
  const classes = guessFolders(places);
  if (classes !== undefined && 'data' in classes && doubtful.every(({ isNoTable }) => isNoTable)) {
    const notUsed = doubts.map(doubt => `not used: ${doubt}`);
    return whole({ ...classes, evidence: [...classes.evidence, ...notUsed] });
  }
  const [why] = [...doubts, ...(classes && 'doubt' in classes ? [classes.doubt] : []), ...broken];
  if (why !== undefined) return refuse(why);
  const loose = places.find(({ path }) => path === '.');
  const found = someOf(entries.map(({ name }) => name)) || 'nothing';
  return {
    refusal: `${folder}: expected a table of labels with a zip or folder of images, a folder for each class, or MNIST's IDX files; found ${found}${
      loose && tables.length > 0
        ? `; no column of ${someOf(tables)} names the images (${someOf(loose.names, 3)})`
        : ''
    }`,
  };
}

function tableData({ train, validation }: { train: TableReading; validation?: TableReading }) {
  const { labels, images, columns } = train;
  return {
    format: 'csv',
    images: images.path,
    labels,
    columns,
    ...(validation && { validationLabels: validation.labels, validation: { source: 'files' } }),
  };
}

const evidenceOf = ({ train, validation }: { train: TableReading; validation?: TableReading }) => [
  ...train.evidence,
  ...(validation ? [`${validation.labels} is for validation, by its name`] : []),
];

/** Class folders, in the data folder or in a zip; undefined where there are none. */
function guessFolders(places: readonly ImagePlace[]): Guess | { doubt: string } | undefined {
  const whole = places.find(({ path }) => path === '.');
  if (whole) {
    const { folders, loose } = levelOf(whole.names, '');
    if (
      loose.length > 0 &&
      folders.size > 0 &&
      [...folders.keys()].every(name => partOfFile(name) === undefined)
    )
      return {
        doubt: `there are images in folders (${someOf(folders.keys())}) and beside them (${someOf(loose, 3)})`,
      };
    if (loose.length > 0) return describeLoose(loose);
    return layoutOf(whole);
  }
  const zips = places.filter(({ path }) => partOfFile(path) !== 'test');
  const train = zips.filter(({ path }) => partOfFile(path) === 'train');
  const [first, ...others] = train.length > 0 ? train : zips;
  if (!first) return undefined;
  if (others.length > 0)
    return {
      doubt: `each of the zips ${someOf([first, ...others].map(({ path }) => path))} could be the images`,
    };
  return layoutOf(first);
}

function layoutOf(place: ImagePlace): Guess | { doubt: string } {
  const layout = folderLayout(place.names);
  const data = { format: 'folder', ...(place.path !== '.' && { images: place.path }) };
  if (layout.kind === 'unclear') return { doubt: layout.why };
  if (layout.kind === 'parts') {
    const { train, validation } = layout;
    return validation
      ? {
          data: { ...data, validation: { source: 'files' } },
          evidence: [`by their names, ${train.folder} is to train and ${validation.folder} to validate on`],
        }
      : { data, evidence: [`by its name, ${train.folder} is to train on`] };
  }
  const { folders, loose } = levelOf(place.names, layout.prefix);
  if (folders.size < 2) return describeLoose([...loose, ...place.names]);
  const where = layout.prefix === '' ? place.path : `${place.path}, ${layout.prefix}`;
  return {
    data,
    evidence: [`each folder in ${where === '.' ? 'it' : where} is a class: ${someOf(folders.keys())}`],
  };
}

/** Images without a table or class folders; some downloads have the class in the name. */
function describeLoose(names: readonly string[]): { doubt: string } {
  const starts = new Set(names.map(name => /([^/]*?)[._-]?\d+\.\w+$/.exec(name)?.[1] ?? ''));
  const hint =
    starts.size > 1 && starts.size < names.length / 2 && !starts.has('')
      ? `; their names seem to begin with the class (${someOf(starts)}): move them into a folder for each class`
      : '';
  return {
    doubt: `the images (${someOf(names, 3)}) have neither a table of labels nor class folders${hint}`,
  };
}
