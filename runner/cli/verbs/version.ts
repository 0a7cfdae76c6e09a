import type { AddCommand } from '../context.js';
import { printLine } from '../output.js';

export const addVersion: AddCommand = (program, context) => {
  program
    .command('version')
    .summary('print the versions')
    .description('Prints the versions of gridfarm, of its trainer, and of Node.')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExamples:\n  grid version\n  grid version --json')
    .action(async ({ json = false }: { json?: boolean }) => {
      const [{ readFile }, { trainerVersion }] = await Promise.all([
        import('node:fs/promises'),
        import('../../../trainer/contract/version.js'),
      ]);
      const manifest = JSON.parse(
        await readFile(new URL('../../../../package.json', import.meta.url), 'utf8'),
      );
      const versions = {
        gridfarm: manifest.version as string,
        trainer: trainerVersion,
        node: process.version,
      };
      printLine(
        context,
        json
          ? JSON.stringify(versions)
          : `gridfarm ${versions.gridfarm}, trainer ${versions.trainer}, Node ${versions.node}`,
      );
    });
};
