/**
 * What may stand where the cursor is. Shells ask `grid complete -- WORDS…` (the last word is the one under the cursor, perhaps empty) and
 * get a line for each candidate, `value<Tab>what it is`, and a last one: `:files` where files belong, too, else `:`.
 */
import type { CommandContext } from '../context.js';
import { type Described, globalOptions } from '../global-options.js';
import { verbOptions } from '../options.js';
import type { Verb } from '../verb.js';
import { verbs } from '../verbs.js';
import type { Candidate, StoredKind } from './candidate.js';

/** What an argument or an option’s value is: files, one of some words, or something that the store knows. */
type Kind = 'files' | 'nothing' | StoredKind | readonly string[];

/** By the name in a verb’s usage; others are files. */
const argumentKinds: Readonly<Record<string, Kind>> = {
  ...{ cell: 'cells', cells: 'cells', grid: 'grids', grids: 'grids', slot: 'slots' },
  ...{ text: 'nothing', n: 'nothing', name: 'nothing' },
  shell: ['bash', 'zsh', 'fish'],
};
/** The same word means something else there. */
const actions: Readonly<Record<string, readonly string[]>> = {
  token: ['new', 'list', 'revoke'],
  telegram: ['setup'],
};
/** By an option, or by the name of its value; others are nothing that could be known. */
const valueKinds: Readonly<Record<string, Kind>> = {
  '--grid': 'grids',
  ...{ axes: 'axes', file: 'files', dir: 'files', path: 'files', 'image...': 'files' },
};

interface Ask {
  kind: Kind;
  /** Of the word: `--grid=`, or the values before the last comma. */
  before: string;
  word: string;
}

export async function completeWords(words: readonly string[], context: CommandContext): Promise<void> {
  const found = await candidatesOf(words, context);
  const lines = found.candidates.map(
    ({ value, words: what = '' }) => `${value}\t${what.replaceAll(/\s+/g, ' ')}`,
  );
  context.stdout.write([...lines, found.files ? ':files' : ':', ''].join('\n'));
}

async function candidatesOf(
  words: readonly string[],
  context: CommandContext,
): Promise<{ candidates: Candidate[]; files: boolean }> {
  const asked = whatIsAsked(words);
  if (Array.isArray(asked)) return { candidates: asked, files: false };
  const { kind, before, word } = asked;
  if (kind === 'files') return { candidates: [], files: true };
  if (kind === 'nothing') return { candidates: [], files: false };
  const values: Candidate[] =
    typeof kind === 'string'
      ? await (await import('./stored.js')).storedCandidates(kind, word, resultsOf(words, context))
      : kind.map(value => ({ value }));
  const fitting = values.filter(({ value }) => value.startsWith(word));
  return { candidates: fitting.map(each => ({ ...each, value: before + each.value })), files: false };
}

function whatIsAsked(words: readonly string[]): Candidate[] | Ask {
  const [before, word] = [words.slice(0, -1), words.at(-1) ?? ''];
  const { verb, args, open } = readWords(before);
  if (open !== undefined) return askOf(open, '', word);
  const options = [
    ...Object.values<Described>(globalOptions),
    ...(verb?.options ?? []).map(name => verbOptions[name]),
  ];
  const equals = word.startsWith('--') ? word.indexOf('=') : -1;
  if (equals > 0) {
    const option = options.find(({ flags }) => longOf(flags) === word.slice(0, equals));
    return option === undefined ? [] : askOf(option, word.slice(0, equals + 1), word.slice(equals + 1));
  }
  if (word.startsWith('-'))
    return [
      ...options.map(({ flags, words: what }) => ({ value: longOf(flags), words: what })),
      { value: '--help', words: 'display help' },
    ].filter(({ value }) => value.startsWith(word));
  if (verb === undefined) {
    const names = verbs.map(({ usage, summary }) => ({ value: usage.split(' ', 1)[0]!, words: summary }));
    return [...names, { value: 'help', words: 'display help for a command' }].filter(({ value }) =>
      value.startsWith(word),
    );
  }
  return { kind: argumentKind(verb, args.length), before: '', word };
}

/** The verb, the arguments after it, and the option whose value is to come. */
function readWords(words: readonly string[]): {
  verb: Verb | undefined;
  args: string[];
  open: Described | undefined;
} {
  let verb: Verb | undefined;
  let open: Described | undefined;
  const args: string[] = [];
  for (const word of words) {
    if (open !== undefined) open = undefined;
    else if (word.startsWith('-')) {
      const options = [
        ...Object.values<Described>(globalOptions),
        ...(verb?.options ?? []).map(name => verbOptions[name]),
      ];
      const option = options.find(({ flags }) => flags.split(/[ ,]+/).includes(word));
      open = option !== undefined && valueNameOf(option.flags) !== undefined ? option : undefined;
    } else if (verb === undefined) {
      // `help` is followed by a verb, too.
      if (word !== 'help') verb = verbs.find(({ usage }) => usage.split(' ', 1)[0] === word);
    } else args.push(word);
  }
  return { verb, args, open };
}

const longOf = (flags: string) => /--[\w-]+/.exec(flags)![0];
/** `image...` of `--image <image...>`; undefined: the option takes no value. */
const valueNameOf = (flags: string) => /<(.*)>$/.exec(flags)?.[1];

function askOf(option: Described, before: string, word: string): Ask {
  const kind =
    option.choices ??
    valueKinds[longOf(option.flags)] ??
    valueKinds[valueNameOf(option.flags) ?? ''] ??
    'nothing';
  if (kind !== 'axes') return { kind, before, word };
  const comma = word.lastIndexOf(',') + 1;
  return { kind, before: before + word.slice(0, comma), word: word.slice(comma) };
}

/** Of the argument in that place; the last one of a verb may take several. */
function argumentKind({ usage }: Verb, place: number): Kind {
  const [name, ...parts] = usage.split(' ');
  const last = parts.at(-1);
  const part = parts[place] ?? (last?.includes('...') ? last : undefined);
  if (part === undefined) return 'nothing';
  const argument = part.replaceAll(/[<>[\].]/g, '');
  return (argument === 'action' ? actions[name!] : argumentKinds[argument]) ?? 'files';
}

/** The folder that the line names, or what `grid` would take without. */
function resultsOf(words: readonly string[], { environment }: CommandContext): string {
  const named = words.findLastIndex(word => word === '--results' || word.startsWith('--results='));
  const given = words[named]?.split('=', 2)[1] ?? words[named + 1];
  return (named >= 0 ? given : undefined) || environment.GRID_RESULTS || globalOptions.results.default!;
}
