import type { MixName } from '../../contract/params.js';
import type { MixKind } from '../mix.js';
import { cutMix } from './cut-mix.js';
import { mixUp } from './mix-up.js';

/** Every mix of `contract/params.ts`. */
export const mixKinds = { cutMix, mixUp } satisfies Record<MixName, MixKind>;
