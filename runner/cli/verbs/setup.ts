import { type AddCommand, type GlobalOptions, optionsOf } from '../context.js';

interface SetupOptions extends GlobalOptions {
  force?: boolean;
  json?: boolean;
}

export const addSetup: AddCommand = (program, context) => {
  program
    .command('setup')
    .summary('get the native engine')
    .description(
      'Gets the native engine: finds the TensorFlow that Python has, or installs one into a private folder, and links it. What is there already stays, unless forced.',
    )
    .option('--force', 'build it anew, e.g. after installing a TensorFlow for the GPU')
    .option('--json', 'the result as JSON')
    .addHelpText('after', '\nExamples:\n  grid setup\n  grid setup --force')
    .action(async (_, command) => {
      const { runTrainerTool } = await import('../trainer-tool.js');
      const { force, json, engine } = optionsOf<SetupOptions>(command);
      const flags = [...(force ? ['--force'] : []), ...(json ? ['--json'] : [])];
      await runTrainerTool(['setup', ...flags], { engine }, context);
    });
};
