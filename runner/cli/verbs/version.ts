import { readFile } from 'node:fs/promises';
import { trainerVersion } from '../../../trainer/contract/version.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printLine } from '../output.js';

export async function printVersions(
  { json }: Partial<Options<'json'>>,
  context: CommandContext,
): Promise<void> {
  const manifest = JSON.parse(await readFile(new URL('../../../../package.json', import.meta.url), 'utf8'));
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
}
