import { agentsBackend } from './agents/backend.js';
import type { SlotBackend } from './backend.js';
import { localBackend } from './local/backend.js';

/** Every slot backend by the name that a slots file calls it. */
export const slotBackends = { local: localBackend, agents: agentsBackend } satisfies Record<
  string,
  SlotBackend<never>
>;
