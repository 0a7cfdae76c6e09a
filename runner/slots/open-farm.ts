import { join } from 'node:path';
import { atomicWrite } from '../../trainer/files/atomic-write.js';
import { programVersion } from '../agents/program-version.js';
import { Farm } from '../agents/server/farm.js';
import type { RunContext } from '../trainer-client/trainer-run.js';
import type { SlotHost } from './backend.js';

const agentsFolder = (results: string): string => join(results, 'agents');

/** The tokens that agents come with, to any grid of these results. */
export const tokensPath = (results: string): string => join(agentsFolder(results), 'tokens.json');

/** What a `grid run` knows of its agents, in its results: each grid has a coordinator of its own. */
export const farmFolder = ({ results, grid }: RunContext): string =>
  join(agentsFolder(results), encodeURIComponent(grid).replace(/^\./, '%2E'));

/** The coordinator of a `grid run`, which agents come to. */
export function openFarm(run: RunContext, host: Pick<SlotHost, 'join' | 'leave'>): Farm {
  return new Farm({
    folder: farmFolder(run),
    tokens: tokensPath(run.results),
    cache: join(run.results, 'cache'),
    version: programVersion,
    listener: host,
    writeFile: atomicWrite,
  });
}
