/** Reads the arguments of a verb with Commander. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../domain/error.js';
import type { CommandContext } from './context.js';
import { type Described, globalOptions } from './global-options.js';
import { verbOptions } from './options.js';
import { pipedWidth } from './overview.js';
import type { Verb } from './verb.js';

/** Calls the handler of the verb with what the arguments say, or shows its help. @throws what the handler throws */
export const callVerb = async (verb: Verb, args: readonly string[], context: CommandContext): Promise<void> =>
  parse(await programOf(verb, context), args, context);

/** Words what is wrong with an option before the verb. */
export async function refuseOption(args: readonly string[], context: CommandContext): Promise<void> {
  const program = rootOf(context);
  program.allowExcessArguments().action(() => program.error("error: no command; 'grid --help' lists them"));
  await parse(program, args, context);
}

async function parse(program: Command, args: readonly string[], context: CommandContext): Promise<void> {
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has said it already; help ends well.
    context.exitWith(error.exitCode === 0 ? 0 : 2);
  }
}

/** The program with this verb alone; parsing throws CommanderError. */
export async function programOf(verb: Verb, context: CommandContext): Promise<Command> {
  const program = rootOf(context);
  const examples = verb.examples.map(example => `\n  ${example}`).join('');
  const explained = verb.explain === undefined ? '' : `\n${await verb.explain()}\n`;
  const command = program
    .command(verb.usage)
    .exitOverride()
    .copyInheritedSettings(program)
    .description(verb.description)
    .addHelpText('after', `${explained}\nExamples:${examples}`);
  for (const name of verb.options) command.addOption(optionOf(verbOptions[name]));
  command.action(async (...call: unknown[]) => {
    // Commander calls with the arguments, the options, and the command.
    const handler = await verb.load();
    await handler(...([...call.slice(0, -2), command.optsWithGlobals(), context] as never));
  });
  return program;
}

function rootOf(context: CommandContext): Command {
  const program = new Command('grid')
    .configureHelp({ showGlobalOptions: true, helpWidth: context.stdout.columns ?? pipedWidth })
    .configureOutput({
      writeOut: text => context.stdout.write(text),
      writeErr: text => context.stderr.write(text),
    })
    .exitOverride();
  for (const described of Object.values(globalOptions)) program.addOption(optionOf(described));
  return program;
}

function optionOf(described: Described): Option {
  const { flags, words, parse, env, choices, conflicts, mandatory } = described;
  const option = new Option(flags, words);
  if (parse !== undefined) option.argParser(text => asArgument(() => parse(text)));
  if (choices !== undefined) option.choices(choices);
  if (described.default !== undefined) option.default(described.default);
  if (env !== undefined) option.env(env);
  if (conflicts !== undefined) option.conflicts(conflicts);
  return option.makeOptionMandatory(mandatory ?? false);
}

/** Commander names the option in what it says of a bad value. */
function asArgument<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}
