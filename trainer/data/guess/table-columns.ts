import { imageExtension } from '../../contract/image-files.js';
import { someOf } from '../formats/folder-level.js';
import type { ImageFinder } from '../formats/image-finder.js';
import type { TableSample } from './table-sample.js';

/** A column, or why there is none that is surely meant, worded. */
type Found = { column: string; evidence: string } | Doubt;

export interface Doubt {
  doubt: string;
  /** Nothing speaks for the table being one of labels. */
  isNoTable?: boolean;
}

/** So much of a column must name images for it to be the ids: test images may be missing. */
const enough = 0.9;

const indexName = /^(unnamed.*|index|idx|row|rows|no|nr|#|)$/i;
const labelName =
  /^(y|labels?|class(es)?|categor(y|ies)|targets?|species|breeds?|diagnosis|tags?)((name|id|idx|index|label|code|str)s?)?$/;
const otherName =
  /^(width|height|w|h|size|filesize|bytes|area|channels?|depth|mode|format|x|y|[xy](min|max)|lat|lon|latitude|longitude|age|sex|gender|date|time|year|month|day|fold|split|set|subset|part|usage|source|url|path|link|md5|hash|sha\d*|count|score|confidence|author|license|patientid|userid)$/;

/** The column whose values name images; undefined where none does. */
export function idColumn(sample: TableSample, { find }: ImageFinder): Found | undefined {
  const columns = sample.header.map((name, place) => {
    const values = sample.rows.map(row => row[place] ?? '');
    const images = values.map(value => (value === '' ? undefined : find(value)));
    const found = images.filter(image => image !== undefined).length;
    const isFile = values.filter(value => imageExtension.test(value)).length > values.length / 2;
    return { name, values, images, found, isFile, isIndex: indexName.test(name) && isCount(values) };
  });
  const naming = columns.filter(({ found, values }) => found > 0 && found >= enough * values.length);
  // Numbers of classes name images called 0, 1, 2, … as well, but the same few again and again.
  const different = naming.filter(({ images, found }) => new Set(images).size >= enough * found);
  const fitting = different.length > 0 ? different : naming;
  const files = columns.filter(({ isFile }) => isFile);
  const [first] = fitting;
  if (!first) return undefined;
  const worded = ({ name, found, values }: (typeof columns)[number]) => ({
    column: name,
    evidence: `the ids are in column ${JSON.stringify(name)}: ${found} of ${values.length} values looked at name images`,
  });
  const named = fitting.filter(({ isFile }) => isFile);
  const elsewhere = files.find(column => !fitting.includes(column));
  // Numbers of rows fit images called 0, 1, 2, … by chance.
  if (named.length === 0 && elsewhere && fitting.every(({ values }) => isCount(values)))
    return {
      doubt: `column ${JSON.stringify(elsewhere.name)} holds names of images that aren't there (${someOf(elsewhere.values, 2)}), and the numbers of ${JSON.stringify(first.name)} fit others by chance`,
    };
  const likely = named.length > 0 ? named : fitting.filter(({ isIndex }) => !isIndex);
  const candidates = likely.length > 0 ? likely : fitting;
  const same = candidates.every(({ images }) =>
    images.every((image, row) => image === candidates[0]!.images[row]),
  );
  if (same) return worded(candidates[0]!);
  return {
    doubt: `the columns ${candidates.map(({ name }) => JSON.stringify(name)).join(' and ')} both name images, and other ones`,
  };
}

interface Column {
  name: string;
  values: string[];
  distinct: Set<string>;
}

/** The column with the classes, of all but the ids. */
export function labelColumn(sample: TableSample, idName: string): Found {
  const columns = sample.header
    .map((name, place): Column => {
      const values = sample.rows.map(row => row[place] ?? '');
      return { name, values, distinct: new Set(values.filter(value => value !== '')) };
    })
    .filter(({ name, distinct }) => name !== idName && distinct.size > 0);
  const named = columns.filter(({ name }) => labelName.test(plainName(name)) && !/^y$/.test(plainName(name)));
  const usable = named.filter(column => whyNot(column) === undefined);
  if (usable.length > 0) return ofNamed(usable);
  if (named.length > 0)
    return {
      doubt: `column ${JSON.stringify(named[0]!.name)} is called like labels, but ${whyNot(named[0]!)}`,
    };
  const binary = columns.filter(({ distinct }) =>
    [...distinct].every(value => /^([01](\.0*)?|true|false)$/i.test(value)),
  );
  if (binary.length > 1) return { doubt: describeBinary(binary) };
  const plausible = columns.filter(
    column =>
      whyNot(column) === undefined &&
      !otherName.test(plainName(column.name)) &&
      !(indexName.test(column.name) && isCount(column.values)) &&
      !column.values.some(value => imageExtension.test(value)),
  );
  const [only, ...others] = plausible;
  if (only && others.length === 0)
    return {
      column: only.name,
      evidence: `the labels are in column ${JSON.stringify(only.name)}, the only one that could be: ${classesOf(only)}`,
    };
  const names = (list: readonly Column[]) => list.map(({ name }) => JSON.stringify(name)).join(', ');
  return {
    doubt: only
      ? `any of the columns ${names(plausible)} could be the labels`
      : `no column is surely the labels: there are ${names(columns) || 'none besides the ids'}`,
    isNoTable: !only,
  };
}

/** Several may say the same in words and in numbers. */
function ofNamed(columns: readonly Column[]): Found {
  const chosen =
    columns.find(({ distinct }) => [...distinct].some(value => !/^-?\d+(\.0*)?$/.test(value))) ?? columns[0]!;
  const other = columns.find(column => column !== chosen && !saysTheSame(column, chosen));
  if (other)
    return {
      doubt: `the columns ${JSON.stringify(chosen.name)} and ${JSON.stringify(other.name)} could both be the labels, and differ`,
    };
  return {
    column: chosen.name,
    evidence: `the labels are in column ${JSON.stringify(chosen.name)}, by its name: ${classesOf(chosen)}`,
  };
}

function saysTheSame(a: Column, b: Column): boolean {
  if (a.distinct.size !== b.distinct.size) return false;
  return (
    new Set(a.values.map((value, row) => JSON.stringify([value, b.values[row]]))).size === a.distinct.size
  );
}

const classesOf = ({ distinct }: Column) => `${distinct.size} classes (${someOf([...distinct].sort(), 5)})`;

/** Why a column can't hold classes. */
function whyNot({ values, distinct }: Column): string | undefined {
  if (distinct.size === 1) return `has ${JSON.stringify([...distinct][0])} everywhere`;
  if (values.length > 2 && distinct.size === values.length) return 'has another value in every row';
  if ([...distinct].some(value => /^-?\d*\.\d*[1-9]\d*$/.test(value)) && distinct.size > values.length / 10)
    return 'holds measured numbers';
  return undefined;
}

function describeBinary(columns: readonly Column[]): string {
  const isSet = (value: string | undefined) => /^(1|true)/i.test(value ?? '');
  const rows = columns[0]!.values.length;
  let single = 0;
  for (let row = 0; row < rows; row++)
    if (columns.filter(({ values }) => isSet(values[row])).length === 1) single++;
  const names = someOf(
    columns.map(({ name }) => name),
    4,
  );
  return single === rows
    ? `it has a column for each class (one-hot: ${names}); one column with the names of the classes is needed, in pandas: t["label"] = t[[${columns
        .slice(0, 2)
        .map(({ name }) => JSON.stringify(name))
        .join(', ')}${columns.length > 2 ? ', …' : ''}]].idxmax(axis=1)`
    : `the columns ${names} are 0 or 1 and say several things of one image (${rows - single} of ${rows} rows have none or more than one): one class an image is needed`;
}

/** 0, 1, 2, … or so: numbers that grow from row to row. */
function isCount(values: readonly string[]): boolean {
  return (
    values.length > 1 &&
    values.every(
      (value, row) => /^\d+$/.test(value) && (row === 0 || Number(value) > Number(values[row - 1])),
    )
  );
}

const plainName = (name: string) =>
  name
    .toLowerCase()
    .replaceAll(/[\s_.-]+/g, '')
    .replace(/^(image|img)/, '');
