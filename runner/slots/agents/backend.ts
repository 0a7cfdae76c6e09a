import type { SlotBackend } from '../backend.js';
import { dataRootOf } from '../data-root.js';
import { awaitAgents, type ListeningKeys, listeningKeys } from '../listening.js';
import { localBackend } from '../local/backend.js';
import { type SendingKeys, sendEvery, sendingKeys } from '../sending.js';

/** Keys of an entry `backend: agents` of a slots file. */
export interface AgentsEntry extends ListeningKeys, SendingKeys {
  folder?: string;
  max?: number;
  leaseSeconds?: number;
}

/** Whoever comes with a token: `grid agent` on other machines, started by hand. */
export const agentsBackend: SlotBackend<AgentsEntry> = {
  name: 'agents',
  slotsJoin: true,
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      ...listeningKeys,
      ...sendingKeys,
      leaseSeconds: {
        type: 'integer',
        minimum: 5,
        maximum: 86_400,
        default: 180,
        description: 'An agent that says nothing for so long has lost its slots',
      },
      folder: {
        type: 'string',
        pattern: '^(/|~/)',
        description:
          'Folder that agents see as well, for those without a route to this machine: absolute, or ~/…',
      },
      max: { type: 'integer', minimum: 1, maximum: 10_000, description: 'Most slots of all agents together' },
    },
  },

  async open(entry, { run, engine }, host) {
    const { folder, max = null, leaseSeconds } = entry;
    if (run === undefined) return [];
    const farm = host.farm(run);
    farm.addEntry(null, { backend: 'agents', mostSlots: max, sendEvery: sendEvery(entry), engine });
    if (leaseSeconds !== undefined) farm.coordinator.leaseSeconds = leaseSeconds;
    await awaitAgents(farm, entry);
    if (folder !== undefined) await farm.serve(dataRootOf(folder)!, words => host.say(words));
    return [];
  },

  dataRoot: () => null,

  // No agent is there yet: this machine has the same trainer.
  engine: (_, context) => localBackend.engine({}, context),
  ask: (_, question, context) => localBackend.ask({}, question, context),
};
