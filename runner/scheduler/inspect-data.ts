import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataInspection } from '../../trainer/contract/events.js';
import type { DataSpec } from '../../trainer/contract/run-spec.js';
import type { SlotBackend, SlotContext } from '../slots/backend.js';
import { atomicWrite } from '../store/atomic-write.js';
import type { ResultsPaths } from '../store/run-paths.js';
import { dataSignature } from './data-signature.js';

/** Changes when an inspection of the same files would tell other things. */
const inspectionVersion = 1;

export interface InspectOptions {
  backend: Pick<SlotBackend, 'inspect'>;
  context: SlotContext;
  paths: ResultsPaths;
  /** Keep what was found, for the next time. False: nothing is written. */
  keep: boolean;
}

/**
 * What each data set holds: from an earlier inspection if none of its files was touched since, else from a new one.
 *
 * @throws if an inspection can't be run; what is wrong with the data is in `problems`
 */
export async function inspectAll(
  specs: readonly DataSpec[],
  options: InspectOptions,
): Promise<Map<DataSpec, DataInspection>> {
  const found = new Map<DataSpec, DataInspection>();
  // One after the other: each takes all the cores that it can get.
  for (const spec of specs) found.set(spec, await inspect(spec, options));
  return found;
}

async function inspect(
  spec: DataSpec,
  { backend, context, paths, keep }: InspectOptions,
): Promise<DataInspection> {
  const key = createHash('sha256')
    .update(JSON.stringify([inspectionVersion, spec]))
    .digest('hex');
  const file = join(paths.inspections, `${key}.json`);
  const signature = dataSignature(spec);
  const kept = readKept(file);
  if (kept?.signature === signature) return kept.inspection;
  const inspection = await backend.inspect(spec, context);
  if (keep && !inspection.problems.some(({ severity }) => severity === 'error')) {
    mkdirSync(paths.inspections, { recursive: true });
    atomicWrite(file, JSON.stringify({ signature, inspection }));
  }
  return inspection;
}

function readKept(file: string): { signature: string; inspection: DataInspection } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // Not there, or damaged: it is only a shortcut.
    return undefined;
  }
}
