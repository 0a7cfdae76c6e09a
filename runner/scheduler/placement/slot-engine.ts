import type { EngineInfo } from '../../../trainer/contract/events.js';
import { engineChange } from '../../domain/engine-change.js';
import type { OfferedEngine } from '../../trainer-client/trainer-run.js';

/** What is known of a slot's engine. */
export interface SlotEngine {
  /** Of its last run: what its trainer said. */
  seen: EngineInfo | undefined;
  /** By its machine's word, whatever the slot has of the machine's threads and devices. */
  offered: OfferedEngine | undefined;
}

/**
 * How a cell would go on there that was begun on an engine: bit for bit (`same`: its version, its device, as many threads), otherwise, or
 * nobody knows yet. One that begins is at home everywhere.
 */
export function goesOnAs(
  begunOn: EngineInfo | undefined,
  { seen, offered }: SlotEngine,
): 'same' | 'unknown' | 'other' {
  if (begunOn === undefined) return 'same';
  const now = seen ?? offered;
  if (now === undefined) return 'unknown';
  if (engineChange(begunOn, [now]) !== undefined) return 'other';
  if (seen === undefined) return 'unknown';
  return seen.device === begunOn.device ? 'same' : 'other';
}
