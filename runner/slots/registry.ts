import { agentsBackend } from './agents/backend.js';
import type { SlotBackend } from './backend.js';
import { commandLauncher } from './launchers/command.js';
import { kaggleLauncher } from './launchers/kaggle.js';
import { kubernetesLauncher } from './launchers/kubernetes.js';
import { launchedBackend } from './launchers/launched-backend.js';
import { rayLauncher } from './launchers/ray.js';
import { slurmLauncher } from './launchers/slurm.js';
import { sshLauncher } from './launchers/ssh.js';
import { localBackend } from './local/backend.js';

/** Every slot backend by the name that a slots file calls it. */
export const slotBackends = {
  local: localBackend,
  agents: agentsBackend,
  ssh: launchedBackend(sshLauncher),
  slurm: launchedBackend(slurmLauncher),
  kubernetes: launchedBackend(kubernetesLauncher),
  kaggle: launchedBackend(kaggleLauncher),
  ray: launchedBackend(rayLauncher),
  command: launchedBackend(commandLauncher),
} satisfies Record<string, SlotBackend<never>>;
