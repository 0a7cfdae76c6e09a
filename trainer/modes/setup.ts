/** Gets the native engine. */
import { runSetup } from '../install/setup.js';

/** Progress goes to stderr, the engine that is there now to stdout. */
export async function setUp({ json, force }: { json: boolean; force: boolean }): Promise<void> {
  const result = await runSetup({ force });
  const { name, version, device } = result.engine;
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${name}: ${version}, ${device}\n`);
}
