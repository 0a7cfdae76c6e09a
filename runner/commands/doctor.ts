import { type AddCommand, optionsOf } from './context.js';

export const addDoctor: AddCommand = (program, context) => {
  program
    .command('doctor')
    .summary('which engines this machine has, and how to get a better one')
    .description('Says which engines and devices this machine has, and the command that gets a better one.')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExamples:\n  grid doctor\n  grid doctor --json')
    .action(async (_, command) => {
      const { runTrainerTool } = await import('./trainer-tool.js');
      const { json = false, engine } = optionsOf<{ json?: boolean }>(command);
      await runTrainerTool(['doctor', ...(json ? ['--json'] : [])], engine, context);
    });
};
