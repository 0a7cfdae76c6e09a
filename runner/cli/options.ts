/** Every option of every verb, worded once; a verb names those that it takes, and its handler's type follows. */
import { weightsKinds } from '../domain/weights.js';
import type { Described, globalOptions } from './global-options.js';
import {
  parseColumns,
  parseDeadline,
  parseShard,
  parseViews,
  parseVotes,
  positiveInteger,
  positiveNumber,
  wholeNumber,
} from './parse-option.js';

/** `--name`: true if it is given. */
const flag = <F extends string>(flags: F, words: string): Described<F, true | undefined> => ({
  flags,
  words,
});
const text = <F extends string>(flags: F, words: string): Described<F, string | undefined> => ({
  flags,
  words,
});
const parsed = <F extends string, V>(
  flags: F,
  words: string,
  parse: (text: string) => V,
): Described<F, V | undefined> => ({ flags, words, parse });
/** One that is there always. */
const withDefault = <F extends string, V>(
  flags: F,
  words: string,
  value: V,
  parse: (text: string) => V,
): Described<F, V> => ({ flags, words, default: value, parse });
const choice = <F extends string, V extends string>(
  flags: F,
  words: string,
  choices: readonly V[],
): Described<F, V | undefined> => ({ flags, words, choices });

const asWritten = (text: string) => text;

export const verbOptions = {
  json: flag('--json', 'as JSON'),
  jsonEvents: flag('--json', 'events as JSON, one a line'),
  csv: flag('--csv', 'as CSV'),
  tensorboard: text(
    '--tensorboard <dir>',
    'write a folder for TensorBoard: scalars, and the axes in its hparams tab',
  ),
  markdown: flag('--markdown', 'as a Markdown table'),
  plain: flag(
    '--plain',
    'a line for each thing that happens, no live view (also without a terminal, and in CI)',
  ),
  watch: flag('--watch', 'print it anew whenever it changes'),

  slots: text('--slots <file>', 'slots file; default: what this machine has'),
  notifySlots: text('--slots <file>', 'slots file whose `notify:` says where people are told'),
  askedSlots: text(
    '--slots <file>',
    'slots file: asks where the slots of its first entry are, with their environment, device and data; default: this machine',
  ),
  askedEntry: parsed(
    '--entry <n>',
    'another entry of the slots file, by its place in it from 0 on, as messages name it: slots[1]',
    wholeNumber('--entry'),
  ),
  shard: parsed(
    '--shard <k/n>',
    'only the k-th of n parts of the grid, which are the same on every machine and take about as long each; `grid merge` brings their results together',
    parseShard,
  ),
  maxHours: parsed(
    '--max-hours <h>',
    'after so many hours no new cells; the running ones end after their epoch, and the same command goes on',
    positiveNumber('--max-hours'),
  ),
  deadline: parsed('--deadline <time>', 'the same at HH:MM, or at 2026-01-31T08:00', text =>
    parseDeadline(text),
  ),
  budget: parsed(
    '--budget <amount>',
    'the same once the slots have cost so much, by `price:` (an hour of a slot) of the slots file’s entries',
    positiveNumber('--budget'),
  ),
  prefer: choice(
    '--prefer <which>',
    'which of two different results of one cell is kept: that of this folder (ours) or of the other (theirs); the other one is set aside',
    ['ours', 'theirs'],
  ),
  rerunStale: flag(
    '--rerun-stale',
    'train stale cells again, from the beginning; what they were trained to is set aside',
  ),
  dryRun: flag(
    '--dry-run',
    'say what would be run, as `grid plan` does, and what would be asked of clusters: Kubernetes’ manifests, sbatch’s arguments; runs nothing',
  ),
  note: text('--note <text>', 'comment, kept with the cells that this run trains'),
  noAsk: {
    flags: '--no-ask',
    words:
      'don’t ask what the run is expected to show, by Telegram, or with GRID_ASK=1 in this terminal, where neither grid nor --note says so; also GRID_ASK=0',
  } as Described<'--no-ask', boolean | undefined>,
  probe: flag('--probe', 'measure a short piece of an epoch of each kind of cell for the estimate'),

  server: text(
    '--server <url>',
    'where `grid run` awaits agents: http://127.0.0.1:7463, https://box.example:7463',
  ),
  sharedFolder: text(
    '--folder <dir>',
    'folder on a file system that this machine and `grid run` share, in place of --server',
  ),
  tokenFile: text(
    '--token-file <file>',
    'file with the token of `grid token new`; default: GRID_TOKEN of the environment',
  ),
  agentName: text('--name <name>', 'name of its slots; default: that of this machine'),
  agentHome: withDefault(
    '--home <dir>',
    'what the agent keeps on this machine',
    '~/.cache/gridfarm/agent',
    asWritten,
  ),
  sentData: text(
    '--sent-data <dir>',
    'where data sets that are sent to this machine are kept: agents may share it, and each comes once; default: in --home',
  ),
  keepGb: withDefault(
    '--keep-gb <gb>',
    'data sets that were sent to this machine, and as much again of weights: before more come those go that were used longest ago, but for what runs use',
    50,
    positiveNumber('--keep-gb'),
  ),
  hours: parsed(
    '--hours <h>',
    'until this machine ends: cells are handed on before',
    positiveNumber('--hours'),
  ),
  once: flag('--once', 'end when the grid is over, or `grid run` hasn’t been there for 10 minutes'),
  allowCommand: flag('--allow-command', 'run the programs of grids with a trainer of their own, too'),
  insecureServer: flag(
    '--insecure',
    'speak to another machine without TLS: token and results can be read on the way',
  ),
  uploadLimit: parsed(
    '--upload-limit <mb>',
    'megabytes a second at most for checkpoints',
    positiveNumber('--upload-limit'),
  ),
  notebook: flag(
    '--notebook',
    'print a cell that, pasted into a notebook, makes the notebook’s machine such an agent',
  ),
  askToken: flag(
    '--ask-token',
    'with --notebook: the cell holds no token, and takes GRID_TOKEN of its environment or asks',
  ),
  enrolOnce: flag('--once', 'good for enrolling one agent, which gets one of its own in exchange'),

  telegram: flag(
    '--telegram',
    'tell a Telegram chat of the run, as `notify: [{to: telegram}]` in the slots file does: with GRID_TELEGRAM_TOKEN and GRID_TELEGRAM_CHATS of the environment, or what `grid telegram setup` has written',
  ),

  botTokenFile: text(
    '--token-file <file>',
    'file with the bot’s token, which only its owner can read; default: GRID_TELEGRAM_TOKEN of the environment, the one that is known, or it is asked for',
  ),

  serve: flag('--serve', 'show the page of `grid serve` for as long as the grid runs'),
  listen: text(
    '--listen <address>',
    'HOST:PORT of the page; default: 127.0.0.1:7464, or the next port that is free',
  ),
  share: flag('--share', 'say how another machine reaches the page: the ssh forward, and what a proxy needs'),
  hostName: text('--host <name>', 'another name that the page is reached by: of a proxy or tunnel'),
  certificate: text('--certificate <file>', 'PEM file of the certificate for TLS, with --key'),
  key: text('--key <file>', 'PEM file of the key of the certificate'),
  insecurePage: flag(
    '--insecure',
    'listen for other machines without TLS: token and results can be read on the way',
  ),

  anyGrid: text('--grid <name>', 'one grid; default: all'),
  runningGrid: text('--grid <name>', 'which grid; default: the one that is running'),
  whichGrid: text('--grid <name>', 'which grid; not needed if there is one'),
  groupBy: text('--group-by <axes>', 'one row for each combination of these axes (comma-separated)'),
  axis: text('--axis <path>', 'one axis, by its path or the end of it: learningRate'),
  atEpoch: parsed(
    '--epoch <n>',
    'all cells as they were after so many epochs; default: all of theirs, or where some ended early the most that all have',
    positiveInteger('--epoch'),
  ),
  topRows: parsed('--top <n>', 'the first n rows', positiveInteger('--top')),
  topCells: parsed(
    '--top <n>',
    'the n best cells of a grid, instead of naming cells',
    positiveInteger('--top'),
  ),
  failed: flag('--failed', 'all failed cells'),
  plot: {
    flags: '--plot',
    words: 'its curves in characters, nothing else',
    conflicts: 'json',
  } as Described<'--plot', true | undefined>,
  force: flag('--force', 'build it anew, e.g. after installing a TensorFlow for the GPU'),
  follow: {
    flags: '-f, --follow',
    words: 'go on printing what is added until the cell is over',
    conflicts: 'json',
  } as Described<'-f, --follow', true | undefined>,

  cell: text(
    '--cell <cell>',
    'of a grid file: beginning of an id, or labels separated by commas; default: the first cell',
  ),
  threads: parsed(
    '--threads <n>',
    'CPU threads; default: as many as a slot has',
    positiveInteger('--threads'),
  ),
  profiledSteps: withDefault('--steps <n>', 'steps to measure', 5, positiveInteger('--steps')),
  rateSteps: withDefault(
    '--steps <n>',
    'steps from the lowest to the highest rate, at least 10',
    100,
    positiveInteger('--steps'),
  ),
  lowestRate: withDefault('--min <rate>', 'lowest rate', 1e-6, positiveNumber('--min')),
  highestRate: withDefault('--max <rate>', 'highest rate', 10, positiveNumber('--max')),
  chartFile: text('--out <file>', 'SVG file of the curve; default: in the results'),

  augmented: flag('--augmented', 'show batches after each augmentation of the grid'),
  reportFolder: text('--out <dir>', 'folder for the report; default: in the results'),
  finalists: withDefault(
    '--top <n>',
    'settings at most, of those that may be the best',
    5,
    positiveInteger('--top'),
  ),
  freshSeeds: withDefault('--seeds <n>', 'fresh seeds of each', 3, positiveInteger('--seeds')),
  dryConfirm: flag(
    '--dry-run',
    'say which settings would be trained with which seeds, and what that costs; runs nothing',
  ),
  nextFile: text('--out <file>', 'grid file that is written; default: NAME-2.yaml beside the grid’s own'),
  verify: {
    flags: '--verify [file]',
    words:
      'compute the claims of a report again and name each that no longer holds; default: the report in the results',
  } as Described<'--verify [file]', string | true | undefined>,
  imagesPerClass: withDefault('--samples <n>', 'images of each class', 8, positiveInteger('--samples')),

  replay: flag('--replay', 'on finished cells of the results; all grids if none is named'),
  rungs: text('--rungs <list>', 'shares of the epochs, or epochs, with commas between; default: 1/9,1/3'),
  keep: text('--keep <share>', 'share of the configurations that goes on at each rung; default: 1/3'),
  after: text('--after <epoch>', 'warmup (default), or the first epoch at which a rung may be'),
  rungValue: text('--value <which>', 'of the objective up to a rung: best (default), last, median3'),
  margin: text('--margin <m>', 'auto (default), or a number; 0: none'),
  judgedSeeds: text('--seeds <how>', 'together (default): judged by the mean of the seeds; or first'),
  within: text('--within <axes>', 'axes each of whose values keeps its own share (comma-separated)'),
  never: {
    flags: '--never <match...>',
    words: 'cells that are never stopped: AXIS=LABEL, or several with commas between',
  } as Described<'--never <match...>', string[] | undefined>,
  diverged: text('--diverged <what>', 'NaN and chance level at the first rung: stop (default) or ignore'),

  weights: choice(
    '--weights <kind>',
    'weights of the best or the last epoch, or their moving averages; default: ema if the objective is one of the average, else best',
    weightsKinds,
  ),
  batchSize: withDefault('--batch-size <n>', 'images at once', 128, positiveInteger('--batch-size')),
  classified: {
    flags: '--images <path>',
    words: 'folder or zip of images',
    mandatory: true,
  } as Described<'--images <path>', string>,
  submission: withDefault('--out <file>', 'CSV that is written', 'submission.csv', asWritten),
  columns: parsed(
    '--columns <id,class>',
    'names of the two columns; default: those of the training table. With --sample: which of its columns hold the id and the class; also the id’s alone, or ID,COLUMN=CLASS,… for probabilities',
    parseColumns,
  ),
  sample: text(
    '--sample <file>',
    'sample submission: its columns, by their names and values, its ids, their order, the way it is written',
  ),
  tta: parsed(
    '--tta <views>',
    'mean over views of each image: flip, shift=N (pixels, four diagonals), crops=N (of 7/8), with commas between',
    parseViews,
  ),
  fitWeights: flag('--fit-weights', 'weigh the cells so that the ensemble’s validation loss is smallest'),
  probabilities: parsed(
    '--probabilities <file>',
    'write all probabilities, too: .csv, .npy or .safetensors',
    asWritten,
  ),

  votes: withDefault(
    '--k <list>',
    'numbers of neighbours that vote, with commas between',
    [1, 5, 20],
    parseVotes,
  ),
  queries: {
    flags: '--image <image...>',
    words: 'show its neighbours: the name of a validation image, or a file',
  } as Described<'--image <image...>', string[] | undefined>,
  neighbours: withDefault('--neighbours <n>', 'how many of them', 8, positiveInteger('--neighbours')),
  page: text('--page <file>', 'show them as a page (HTML), of some validation images without --image'),
  features: text('--out <file>', 'write the features of the validation images: .csv, .npy or .safetensors'),
  otherImages: text('--images <path>', 'those of the images of this folder or zip instead'),
};

export type OptionName = keyof typeof verbOptions;

type Camel<Name> = Name extends `${infer First}-${infer Rest}` ? `${First}${Capitalize<Camel<Rest>>}` : Name;
/** `-f, --group-by <axes>` → `groupBy`, as Commander names it. */
type Attribute<Flags> = Flags extends `--no-${infer Long}`
  ? Camel<Long>
  : Flags extends `${string}--${infer Long} ${string}`
    ? Camel<Long>
    : Flags extends `${string}--${infer Long}`
      ? Camel<Long>
      : never;
type Values<D extends Described> = {
  [E in D as Attribute<E['flags']> & string]: E extends Described<string, infer Value> ? Value : never;
};

export type GlobalOptions = Values<(typeof globalOptions)[keyof typeof globalOptions]>;

/** What the handler of a verb gets that takes these options: theirs, and those of every verb. */
export type Options<Name extends OptionName = never> = Values<(typeof verbOptions)[Name]> & GlobalOptions;
