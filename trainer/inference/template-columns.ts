/** Which column of a sample submission is what: by their names and by the values in them, never by their place. */
import type { Filling } from '../contract/inference.js';
import type { TemplateContext } from './template-context.js';

interface Column {
  name: string;
  values: readonly string[];
}

type Fail = (message: string) => Error;

/** `filled`: for columns that are not kept as they are. Throws what `fail` makes where it can't be told. */
export function fillingColumns(
  columns: readonly Column[],
  context: TemplateContext,
  fail: Fail,
): { id: number; filled: Map<number, Filling> } {
  const id = idColumn(columns, context, fail);
  const others = [...columns.keys()].filter(column => column !== id);
  const asked = context.asked?.slice(1) ?? [];
  const filled =
    asked.length > 0
      ? askedColumns(columns, asked, context, fail)
      : foundColumns(columns, others, context, fail);
  return { id, filled };
}

/** Names that say what a column of ids is. */
const idName = /^(?:image[ _-]?)?(?:id|name|file|path)$|^image$|^file[ _-]?name$/i;

function idColumn(
  columns: readonly Column[],
  { asked, find, known, images }: TemplateContext,
  fail: Fail,
): number {
  if (asked !== null) return columnOf(columns, asked[0]!, fail);
  const found = columns.map(({ values }) => values.filter(value => find(value) !== undefined).length);
  const isFull = ({ values }: Column, index: number) =>
    found[index] === values.length && new Set(values).size === values.length;
  const full = [...columns.keys()].filter(index => isFull(columns[index]!, index));
  if (full.length === 1) return full[0]!;
  const candidates = full.length > 0 ? full : [...columns.keys()];
  const exact = candidates.filter(index => columns[index]!.name === known.id);
  if (exact.length === 1) return exact[0]!;
  const named = candidates.filter(index => idName.test(columns[index]!.name));
  if (named.length === 1) return named[0]!;
  const likely = [...columns.keys()].filter(index => 2 * found[index]! > columns[index]!.values.length);
  if (full.length === 0 && likely.length === 1) return likely[0]!;
  const names = columns.map(({ name }) => name).join(', ');
  throw fail(
    `which of its columns ${names} holds the ids can't be told: ${full.length === 0 ? 'none' : `${full.length} of them`} name images in ${images}; name it: --columns ID, or --columns ID,CLASS`,
  );
}

/** By the exact name, or that in another case. */
function columnOf(columns: readonly Column[], name: string, fail: Fail): number {
  const exact = columns.findIndex(column => column.name === name);
  if (exact >= 0) return exact;
  const alike = columns.filter(column => column.name.toLowerCase() === name.trim().toLowerCase());
  if (alike.length === 1) return columns.indexOf(alike[0]!);
  throw fail(
    `there is no column ${name} (--columns); there are ${columns.map(column => column.name).join(', ')}`,
  );
}

/** `label`: the class; `column=class`: its probability. */
function askedColumns(
  columns: readonly Column[],
  asked: readonly string[],
  { classes }: TemplateContext,
  fail: Fail,
): Map<number, Filling> {
  const classOf = (name: string) => {
    const place = classes.indexOf(name);
    if (place < 0)
      throw fail(`${name} is no class (--columns); there are ${classes.slice(0, 5).join(', ')}, …`);
    return place;
  };
  return new Map(
    asked.map(text => {
      const [column = '', ofClass] = text.split(/=(.*)/s);
      if (ofClass !== undefined) return [columnOf(columns, column, fail), classOf(ofClass)];
      return [columnOf(columns, column, fail), asked.length === 1 ? ('class' as const) : classOf(column)];
    }),
  );
}

function foundColumns(
  columns: readonly Column[],
  others: readonly number[],
  { classes, known }: TemplateContext,
  fail: Fail,
): Map<number, Filling> {
  const perClass = others.map(column => [column, classes.indexOf(columns[column]!.name)] as const);
  if (
    others.length === classes.length &&
    new Set(perClass.map(([, place]) => place)).size === classes.length
  ) {
    if (perClass.every(([, place]) => place >= 0)) return new Map(perClass);
  }
  if (others.length === 1) return new Map([[others[0]!, loneColumn(columns[others[0]!]!, classes, fail)]]);
  const holdClasses = others.filter(column => {
    const values = new Set(columns[column]!.values);
    return [...values].every(value => classes.includes(value));
  });
  const labels = others.filter(column => columns[column]!.name === known.label);
  const anyClass = perClass.some(([, place]) => place >= 0);
  if (!anyClass)
    for (const found of [labels, holdClasses]) if (found.length === 1) return new Map([[found[0]!, 'class']]);
  const missing = classes.filter(name => !columns.some(column => column.name === name));
  const unknown = others.map(column => columns[column]!.name).filter(name => !classes.includes(name));
  const some = (names: readonly string[]) => names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '');
  throw fail(
    [
      `columns ${some(columns.map(({ name }) => name))}: expected two (id and class), or an id and the ${classes.length} classes`,
      ...(unknown.length > 0 ? [`no classes are ${some(unknown)}`] : []),
      ...(missing.length > 0 ? [`classes without a column: ${some(missing)}`] : []),
      'name those that are to be filled: --columns ID,CLASS, or --columns ID,COLUMN=CLASS,… for probabilities',
    ].join('; '),
  );
}

/** One column beside the ids: the class, or the probability of the one class that it is called by. */
function loneColumn({ name, values }: Column, classes: readonly string[], fail: Fail): Filling {
  const given = [...new Set(values)].filter(value => value !== '');
  if (given.some(value => classes.includes(value))) return 'class';
  const ofClass = classes.indexOf(name);
  if (ofClass >= 0) return ofClass;
  const isNumber = (text: string) => text.trim() !== '' && Number.isFinite(Number(text));
  const isInteger = (text: string) => /^\s*[+-]?\d+\s*$/.test(text);
  const numbers = given.length > 0 && given.every(isNumber);
  if (!numbers || (given.every(isInteger) && classes.every(isNumber))) return 'class';
  throw fail(
    `the column ${name} holds numbers (${given.slice(0, 3).join(', ')}) and classes are called ${classes.slice(0, 3).join(', ')}: it may be for names or for the probability of one class; say which: --columns ID,${name} for names, --columns ID,${name}=${classes.at(-1)} for a probability`,
  );
}
