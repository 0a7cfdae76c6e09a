import { join } from 'node:path';
import { atomicWrite } from '../../trainer/files/atomic-write.js';
import { programVersion } from '../agents/program-version.js';
import { Farm } from '../agents/server/farm.js';
import { GridfarmError } from '../domain/error.js';
import type { SlotContext } from '../trainer-client/trainer-run.js';
import type { SlotHost } from './backend.js';

/** What a `grid run` knows of its agents, in its results. */
export const farmFolder = (results: string): string => join(results, 'agents');

/** The coordinator of a `grid run`, which agents come to. */
export function openFarm({ results }: SlotContext, host: Pick<SlotHost, 'join' | 'leave'>): Farm {
  if (results === undefined) throw new GridfarmError('usage', 'agents come to a `grid run` alone');
  return new Farm({
    folder: farmFolder(results),
    version: programVersion,
    listener: host,
    cache: join(results, 'cache'),
    writeFile: atomicWrite,
  });
}
