/** A data report in words, for the page and the terminal. */
import type { AlikeSummary, DataContent, DataReport } from '../../../trainer/contract/data-report.js';
import { plain } from '../../text/names.js';
import { channelNames } from './brightness-chart.js';

export interface Fact {
  name: string;
  value: string;
  /** Something that makes results worthless if nobody knows of it. */
  isAlarming?: boolean;
}

const counted = (count: number, noun: string) =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
const places = (value: number) => Number(value.toFixed(4));

/** Everything worth knowing of a data set, one line each. */
export function factsOf({ inspection, content }: DataReport): Fact[] {
  const { images, classes, imageSizes } = inspection;
  const sizes = imageSizes.map(
    ({ height, width, count }) => `${height}×${width}${imageSizes.length > 1 ? ` (${count})` : ''}`,
  );
  const shown = sizes.length > 5 ? [...sizes.slice(0, 5), `… ${sizes.length} sizes`] : sizes;
  return [
    {
      name: 'images',
      value: `${images.toLocaleString('en')} in ${counted(classes.length, 'class').replace('classs', 'classes')}`,
    },
    { name: 'classes', value: namesOf(classes) },
    { name: 'stored sizes', value: shown.join(', ') || 'unknown' },
    ...(content === null ? [] : contentFacts(content)),
  ];
}

/** The first class names: the quickest way to see that something else was read than was meant. */
function namesOf(classes: DataReport['inspection']['classes']): string {
  const first = classes.slice(0, 10).map(({ name }) => plain(name));
  return (classes.length > first.length ? [...first, '…'] : first).join(', ') || 'none';
}

function contentFacts(content: DataContent): Fact[] {
  const { trainImages, validationImages, channels, isSizeChosen, height, width, exact, near } = content;
  const mean = channels.map(channel => places(channel.mean));
  const deviation = channels.map(channel => places(channel.standardDeviation));
  return [
    ...(isSizeChosen ? [{ name: 'resized', value: `to ${height}×${width} for this report` }] : []),
    {
      name: 'split',
      value: `${counted(trainImages, 'training image')}, ${counted(validationImages, 'validation image')}`,
    },
    { name: 'per class', value: balanceOf(content) },
    {
      name: 'mean',
      value: channelNames(channels.length)
        .map(({ name }, i) => `${name} ${mean[i]}`)
        .join(', '),
    },
    {
      name: 'deviation',
      value: channelNames(channels.length)
        .map(({ name }, i) => `${name} ${deviation[i]}`)
        .join(', '),
    },
    {
      name: 'normalize',
      value: `{ name: normalize, mean: [${mean.join(', ')}], standardDeviation: [${deviation.join(', ')}] }`,
    },
    { name: 'same pixels', value: alike(exact, 'group'), isAlarming: exact.leaks > 0 || exact.conflicts > 0 },
    {
      name: 'nearly the same',
      value: alike(near, 'pair') + (near.isComplete ? '' : '; there are more, not all were compared'),
      isAlarming: near.leaks > 0 || near.conflicts > 0,
    },
  ];
}

/** `500 each`, or the range and how far it is apart. */
function balanceOf({ classes }: DataContent): string {
  const sizes = classes.map(({ train, validation }) => train + validation).sort((a, b) => a - b);
  const [least, most] = [sizes[0]!, sizes.at(-1)!];
  if (least === most) return `${least} each`;
  const median = sizes[sizes.length >> 1]!;
  const ratio = least === 0 ? '' : `, largest ${Number((most / least).toPrecision(2))}× the smallest`;
  return `${least} to ${most}, median ${median}${ratio}`;
}

function alike({ count, leaks, conflicts }: AlikeSummary, noun: string): string {
  if (count === 0) return 'none';
  const details = [
    ...(leaks > 0 ? [`${leaks} across training and validation`] : []),
    ...(conflicts > 0 ? [`${conflicts} with different classes`] : []),
  ];
  return [counted(count, noun), ...details].join(', ');
}
