import { agentsBackend } from './agents/backend.js';
import type { SlotBackend } from './backend.js';
import { launchedBackend } from './launchers/launched-backend.js';
import { sshLauncher } from './launchers/ssh.js';
import { localBackend } from './local/backend.js';

/** Every slot backend by the name that a slots file calls it. */
export const slotBackends = {
  local: localBackend,
  agents: agentsBackend,
  ssh: launchedBackend(sshLauncher),
} satisfies Record<string, SlotBackend<never>>;
