/** The best weights of a run: which files they are in, and whether these are whole. */
import { readFile } from 'node:fs/promises';
import { machineCondition } from '../contract/machine-conditions.js';
import { count, shape } from '../contract/shape.js';
import { fittingJson } from '../files/checked-json.js';
import { pointTo } from '../files/durable-file.js';
import type { BestKind, CheckpointState } from './checkpoint-state.js';
import { parse } from './safetensors.js';
import { sha256 } from './sha256.js';

export const bestKinds: readonly BestKind[] = ['best', 'best-ema'];

/** SHA-256 of the files of the best weights, as far as they are there. */
export type BestSums = { [kind in BestKind]?: string | undefined };

const ofEpoch = shape<{ epoch: number }>({ epoch: count });

/** Number of the epoch whose weights a file of the trainer holds; undefined where its header doesn't say. */
export function epochOfWeights({ epoch }: Readonly<Record<string, string>>): number | undefined {
  if (epoch === undefined) return undefined;
  return fittingJson<{ epoch: number }>(epoch, ofEpoch)?.epoch;
}

/**
 * Lets `path` be the best weights again: the first of `candidates` (`path` may be one of them) that is whole and of that epoch.
 * Returns its SHA-256, or undefined where there is none. Rejects where the machine hides one for now.
 */
export async function restoreBest(
  path: string,
  candidates: readonly string[],
  { epoch }: NonNullable<CheckpointState['best']>,
  expected: string | undefined,
): Promise<string | undefined> {
  for (const candidate of candidates) {
    const sum = await sumOfWhole(candidate, epoch, expected);
    if (sum === undefined) continue;
    if (candidate !== path) await pointTo(candidate, path);
    return sum;
  }
  return undefined;
}

async function sumOfWhole(
  path: string,
  epoch: number,
  expected: string | undefined,
): Promise<string | undefined> {
  try {
    const content = await readFile(path);
    const sum = sha256([content]);
    if (expected !== undefined) return sum === expected ? sum : undefined;
    // A checkpoint of before sums were kept.
    const own = epochOfWeights(parse(content, path).metadata);
    return own === undefined || own === epoch ? sum : undefined;
  } catch (error) {
    // What the machine hides for now is not lost.
    if (machineCondition(error) !== undefined) throw error;
    return undefined;
  }
}
