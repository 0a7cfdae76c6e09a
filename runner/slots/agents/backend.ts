import type { Schema } from '../../../trainer/contract/schema.js';
import type { SlotBackend } from '../backend.js';
import { dataRootOf } from '../data-root.js';
import { localBackend } from '../local/backend.js';

/** Keys of an entry `backend: agents` of a slots file. */
export interface AgentsEntry {
  listen?: string;
  certificate?: string;
  key?: string;
  insecure?: boolean;
  folder?: string;
  max?: number;
  leaseSeconds?: number;
}

const file = (description: string): Schema => ({ type: 'string', minLength: 1, description });

/** Whoever comes with a token: `grid agent` on other machines, started by hand. */
export const agentsBackend: SlotBackend<AgentsEntry> = {
  name: 'agents',
  slotsJoin: true,
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      listen: {
        type: 'string',
        pattern: '^(\\[[0-9A-Fa-f:]+\\]|[^:\\[\\]]+):[0-9]{1,5}$',
        description: 'HOST:PORT on which agents are awaited, beside 127.0.0.1: 0.0.0.0:7463',
      },
      certificate: file('PEM file of the certificate for TLS, with key'),
      key: file('PEM file of the key of the certificate'),
      insecure: {
        type: 'boolean',
        description: 'Listen for other machines without TLS: tokens and results can be read on the way',
      },
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

  async open({ listen, certificate, key, insecure = false, folder, max, leaseSeconds }, context, host) {
    const farm = host.farm(context);
    farm.addEntry(null, { backend: 'agents', mostSlots: max ?? null });
    if (leaseSeconds !== undefined) farm.coordinator.leaseSeconds = leaseSeconds;
    await farm.localUrl();
    if (listen !== undefined) {
      const tls = certificate === undefined || key === undefined ? null : { certificate, key };
      await farm.listen({ address: listen, tls, insecure });
    }
    if (folder !== undefined) await farm.serve(dataRootOf(folder)!);
    return [];
  },

  dataRoot: () => null,

  // No agent is there yet: this machine has the same trainer.
  engine: (_, context) => localBackend.engine({}, context),
  ask: (_, question, context) => localBackend.ask({}, question, context),
};
