import { Command, CommanderError, Option } from 'commander';
import type { AddCommand, CommandContext } from './context.js';
import { describeError, exitCodeOf } from './errors.js';
import { addCancel } from './verbs/cancel.js';
import { addData } from './verbs/data.js';
import { addDoctor } from './verbs/doctor.js';
import { addDrain } from './verbs/drain.js';
import { addEmbed } from './verbs/embed.js';
import { addExport } from './verbs/export.js';
import { addLeaderboard } from './verbs/leaderboard.js';
import { addLogs } from './verbs/logs.js';
import { addLrFind } from './verbs/lr-find.js';
import { addNote } from './verbs/note.js';
import { addPause } from './verbs/pause.js';
import { addPlan } from './verbs/plan.js';
import { addPredict } from './verbs/predict.js';
import { addPriority } from './verbs/priority.js';
import { addProfile } from './verbs/profile.js';
import { addRebuild } from './verbs/rebuild.js';
import { addResume } from './verbs/resume.js';
import { addRetry } from './verbs/retry.js';
import { addRun } from './verbs/run.js';
import { addSchema } from './verbs/schema.js';
import { addSetup } from './verbs/setup.js';
import { addShow } from './verbs/show.js';
import { addStatus } from './verbs/status.js';
import { addVersion } from './verbs/version.js';

const commands: readonly AddCommand[] = [
  addRun,
  addPlan,
  addStatus,
  addLeaderboard,
  addShow,
  addLogs,
  addPredict,
  addEmbed,
  addRetry,
  addNote,
  addPause,
  addResume,
  addCancel,
  addDrain,
  addPriority,
  addData,
  addLrFind,
  addProfile,
  addExport,
  addRebuild,
  addDoctor,
  addSetup,
  addSchema,
  addVersion,
];

/** The program with all of its commands; parsing throws CommanderError. */
export function gridProgram(context: CommandContext): Command {
  const program = new Command('grid')
    .description('Runs declarative grids of image-classification experiments, and ranks their results')
    .addOption(new Option('--results <dir>', 'where results are').env('GRID_RESULTS').default('results'))
    .addOption(
      new Option('--data <dir>', "where the data lies, instead of the grid's data.root").env('GRID_DATA'),
    )
    .addOption(
      new Option('--engine <name>', 'engine of the trainer; default: the best that loads')
        .env('GRID_ENGINE')
        .choices(['tensorflow', 'wasm', 'cpu']),
    )
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
  for (const add of commands) add(program, context);
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  return program;
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
