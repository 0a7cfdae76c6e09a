import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataInspection } from '../../trainer/contract/answer-schemas.js';
import type { DataInspection } from '../../trainer/contract/events.js';
import type { DataSpec } from '../../trainer/contract/run-spec.js';
import { shape, text } from '../../trainer/contract/shape.js';
import { atomicWrite } from '../../trainer/files/atomic-write.js';
import { fittingJson } from '../../trainer/files/checked-json.js';
import type { ResultsPaths } from '../store/run-paths.js';
import type { Ask } from '../trainer-client/ask-trainer.js';
import { inspectData } from '../trainer-client/inspect.js';
import { dataSignature } from './data-signature.js';

/** Changes when an inspection of the same files would tell other things. */
const inspectionVersion = 5;

export interface Inspections {
  found: Map<DataSpec, DataInspection>;
  /** Keeps what is new for the next time, if the results folder lets it. Not called for a grid that is refused: that writes nothing. */
  keep(): void;
}

/**
 * What each data set holds: from an earlier inspection if none of its files was touched since, else from a new one.
 *
 * @param where tells a place apart that may hold other files than this machine
 * @throws if an inspection can't be run; what is wrong with the data is in `problems`
 */
export async function inspectAll(
  specs: readonly DataSpec[],
  ask: Ask,
  paths: ResultsPaths,
  where?: string,
): Promise<Inspections> {
  const found = new Map<DataSpec, DataInspection>();
  const fresh: { file: string; text: string }[] = [];
  // One after the other: each takes all the cores that it can get.
  for (const spec of specs) {
    const file = join(
      paths.inspections,
      `${hash(where === undefined ? [inspectionVersion, spec] : [inspectionVersion, spec, where])}.json`,
    );
    const signature = dataSignature(spec);
    const kept = readKept(file);
    const inspection =
      kept?.signature === signature ? kept.inspection : await inspectData(spec, ask, paths.cache);
    if (inspection !== kept?.inspection)
      fresh.push({ file, text: JSON.stringify({ signature, inspection }) });
    found.set(spec, inspection);
  }
  return {
    found,
    keep() {
      try {
        if (fresh.length > 0) mkdirSync(paths.inspections, { recursive: true });
        for (const { file, text } of fresh) atomicWrite(file, text);
      } catch {
        // It is only a shortcut; a folder that can't be written to is reported by whoever must write.
      }
    },
  };
}

const hash = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');

interface Kept {
  signature: string;
  inspection: DataInspection;
}
const keptInspection = shape<Kept>({ signature: text, inspection: dataInspection });

function readKept(file: string): Kept | undefined {
  try {
    return fittingJson(readFileSync(file, 'utf8'), keptInspection);
  } catch {
    // Not there: it is only a shortcut.
    return undefined;
  }
}
