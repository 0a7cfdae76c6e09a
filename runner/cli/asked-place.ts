import { type AskedPlace, askedPlace as placeOf } from '../planning/asked-place.js';
import type { CommandContext } from './context.js';
import type { Options } from './options.js';

/** Whom a verb asks that trains nothing. */
export const askedPlace = (
  options: Options<'askedSlots' | 'askedEntry'>,
  { environment }: CommandContext,
): Promise<AskedPlace> => placeOf(options, { engine: options.engine ?? null, environment });
