import { readFileSync } from 'node:fs';
import { currentNumerics } from '../../trainer/contract/numerics-history.js';
import { protocolVersion } from './limits.js';

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** What a coordinator and its agents must have in common: messages, and a trainer that gives the same numbers. */
export const programVersion = `${version}-${protocolVersion}-${currentNumerics.sources}`;
