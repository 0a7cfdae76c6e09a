import type { AddCommand } from './context.js';

export const addSetup: AddCommand = (program, context) => {
  program
    .command('setup')
    .summary('get the native engine')
    .description(
      'Gets the native engine: finds the TensorFlow that Python has, or installs one into a private folder, and links it. Arguments are passed on to the trainer.',
    )
    .argument('[arguments...]', 'see `grid setup -- --help`')
    .allowUnknownOption()
    .addHelpText('after', '\nExamples:\n  grid setup\n  grid setup -- --help')
    .action(async (args: string[]) => {
      const { runTrainerTool } = await import('./trainer-tool.js');
      await runTrainerTool(['setup', ...args], undefined, context);
    });
};
