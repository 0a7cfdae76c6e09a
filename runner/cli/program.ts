/** From the arguments to what answers them. Help and near misses are answered from the tables; only a verb that is there loads more. */
import type { CommandContext } from './context.js';
import { globalOptions } from './global-options.js';
import { verbs } from './verbs.js';

/** Runs the command that the arguments name; words every error. Never rejects. */
export async function runProgram(args: readonly string[], context: CommandContext): Promise<void> {
  try {
    await dispatch(args, context);
  } catch (error) {
    const { describeError, exitCodeOf } = await import('./errors.js');
    context.stderr.write(`${describeError(error, context.environment.GRID_DEBUG === '1')}\n`);
    context.exitWith(exitCodeOf(error));
  }
}

async function dispatch(args: readonly string[], context: CommandContext): Promise<void> {
  const [first, second] = fromVerbOn(args);
  if (first === undefined) await showOverview(context, context.stderr, 2);
  else if (isHelp(first) || (first === 'help' && (second === undefined || isHelp(second))))
    await showOverview(context, context.stdout, 0);
  else if (first === '-V' || first === '--version')
    await (await import('./verbs/version.js')).printVersions({}, context);
  else if (first === 'complete' && second === '--')
    await (await import('./complete/complete.js')).completeWords(args.slice(args.indexOf('--') + 1), context);
  else if (first.startsWith('-')) await (await import('./commander.js')).refuseOption(args, context);
  else {
    const name = first === 'help' ? second! : first;
    const verb = verbs.find(({ usage }) => usage.split(' ', 1)[0] === name);
    if (verb === undefined) await refuseVerb(name, context);
    else {
      const call = first === 'help' ? [name, '--help'] : args;
      await (await import('./commander.js')).callVerb(verb, call, context);
    }
  }
}

const isHelp = (word: string) => word === '-h' || word === '--help';

const withValue = new RegExp(`^--(?:${Object.keys(globalOptions).join('|')})(=|$)`);

/** The arguments after the options that every verb has, which may stand before it. */
function fromVerbOn(args: readonly string[]): readonly string[] {
  const [, equals] = withValue.exec(args[0] ?? '') ?? [];
  if (equals === undefined || (equals === '' && args.length < 2)) return args;
  return fromVerbOn(args.slice(equals === '' ? 2 : 1));
}

async function showOverview(context: CommandContext, output: NodeJS.WriteStream, code: 0 | 2) {
  const { overview } = await import('./overview.js');
  output.write(overview(output.columns));
  context.exitWith(code);
}

async function refuseVerb(name: string, context: CommandContext): Promise<void> {
  const { nearest } = await import('../grid/yaml/nearest.js');
  const names = verbs.map(({ usage }) => usage.split(' ', 1)[0]!);
  const near = nearest(name, names);
  context.stderr.write(`error: unknown command '${name}'\n`);
  if (near !== undefined) context.stderr.write(`(Did you mean ${near}?)\n`);
  context.exitWith(2);
}
