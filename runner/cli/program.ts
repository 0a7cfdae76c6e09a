import { Command, CommanderError } from 'commander';
import type { CommandContext } from './context.js';
import { describeError, exitCodeOf } from './errors.js';
import { globalOptions, verbOptions } from './options.js';
import type { Verb } from './verb.js';
import { verbs } from './verbs.js';

/** The program with all of its verbs; parsing throws CommanderError. */
export function gridProgram(context: CommandContext): Command {
  const program = new Command('grid').description(
    'Runs declarative grids of image-classification experiments, and ranks their results',
  );
  for (const { option } of Object.values(globalOptions)) program.addOption(option);
  program
    .configureHelp({ showGlobalOptions: true, helpWidth: context.stdout.columns ?? 100 })
    .configureOutput({
      writeOut: text => context.stdout.write(text),
      writeErr: text => context.stderr.write(text),
    })
    .exitOverride()
    .addHelpText(
      'after',
      '\nExamples:\n  grid run grids/quickstart.yaml\n  grid plan grids/resnet-sweep.yaml\n  grid leaderboard --top 10\n\nExit codes: 0 all done, 1 some failed or the output can’t be written, 2 usage or grid error, 130 interrupted',
    );
  for (const verb of verbs) addVerb(program, verb, context);
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  return program;
}

function addVerb(program: Command, verb: Verb, context: CommandContext): void {
  const examples = verb.examples.map(example => `\n  ${example}`).join('');
  const explained = verb.explained === undefined ? '' : `\n${verb.explained}\n`;
  const command = program
    .command(verb.usage)
    .summary(verb.summary)
    .description(verb.description)
    .addHelpText('after', `${explained}\nExamples:${examples}`);
  for (const name of verb.options) command.addOption(verbOptions[name].option);
  command.action(async (...call: unknown[]) => {
    // Commander calls with the arguments, the options, and the command.
    const handler = await verb.load();
    await handler(...([...call.slice(0, -2), command.optsWithGlobals(), context] as never));
  });
}

/** Runs the command that the arguments name; words every error. Never rejects. */
export async function runProgram(args: readonly string[], context: CommandContext): Promise<void> {
  try {
    await gridProgram(context).parseAsync(args, { from: 'user' });
  } catch (error) {
    // Commander has said it already; help and version end well.
    if (error instanceof CommanderError) context.exitWith(error.exitCode === 0 ? 0 : 2);
    else {
      context.stderr.write(`${describeError(error, context.environment.GRID_DEBUG === '1')}\n`);
      context.exitWith(exitCodeOf(error));
    }
  }
}
