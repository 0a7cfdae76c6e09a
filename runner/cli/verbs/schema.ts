import type { AddCommand } from '../context.js';
import { printLine } from '../output.js';

export const addSchema: AddCommand = (program, context) => {
  program
    .command('schema')
    .summary('print the JSON Schema of grid files')
    .description('Prints the JSON Schema of grid files, for editors.')
    .addHelpText(
      'after',
      '\nExamples:\n  grid schema > grid.schema.json\n  # and in the grid file:\n  # yaml-language-server: $schema=grid.schema.json',
    )
    .action(async () => {
      const { gridSchema } = await import('../../grid/schema/schema.js');
      printLine(context, JSON.stringify(gridSchema(), null, 2));
    });
};
