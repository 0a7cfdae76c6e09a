import { wrapText } from '../text/lines.js';
import { type Described, globalOptions } from './global-options.js';
import { verbs } from './verbs.js';

/** Columns of help that goes into a pipe or a file. */
export const pipedWidth = 100;

const purpose = 'Runs declarative grids of image-classification experiments, and ranks their results';

const hint = ({ choices, default: value, env }: Described) => {
  const parts = [
    choices && `choices: ${choices.map(choice => JSON.stringify(choice)).join(', ')}`,
    value !== undefined && `default: ${JSON.stringify(value)}`,
    env && `env: ${env}`,
  ].filter(Boolean);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
};

/** What `grid --help` says in so many columns, made of the tables alone: it is asked for often, and Commander is slow to load. */
export function overview(width = pipedWidth): string {
  const options = [
    ...Object.values(globalOptions).map(it => [it.flags, it.words + hint(it)]),
    ['-V, --version', 'print the versions'],
    ['-h, --help', 'display help for command'],
  ];
  const commands = [
    ...verbs.map(({ usage, summary, options }) => {
      const [name, ...rest] = usage.split(' ');
      return [[name, ...(options.length > 0 ? ['[options]'] : []), ...rest].join(' '), summary];
    }),
    ['help [command]', 'display help for command'],
  ];
  const terms = Math.max(...[...options, ...commands].map(([term]) => term!.length));
  const table = (rows: string[][]) =>
    rows.map(([term, words]) => {
      const [first, ...rest] = wrapText(words!, Math.max(20, width - terms - 4));
      return [`  ${term!.padEnd(terms)}  ${first}`, ...rest.map(line => ' '.repeat(terms + 4) + line)].join(
        '\n',
      );
    });
  return `Usage: grid [options] [command]

${wrapText(purpose, width).join('\n')}

Options:
${table(options).join('\n')}

Commands:
${table(commands).join('\n')}

Examples:
  grid run grids/quickstart.yaml
  grid plan grids/resnet-sweep.yaml
  grid leaderboard --top 10

Exit codes: 0 all done, 1 some failed or the output can’t be written, 2 usage or grid error, 130 interrupted
`;
}
