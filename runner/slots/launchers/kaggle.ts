import { integer, listOf, number, shape, text } from '../../../trainer/contract/shape.js';
import { GridfarmError } from '../../domain/error.js';
import { KaggleApi, KaggleError } from './kaggle/api.js';
import { readCredentials } from './kaggle/credentials.js';
import { KaggleFleet, type KaggleNotes } from './kaggle/fleet.js';
import { acceleratorOf, type KaggleEntry, noAccelerator } from './kaggle/kernel.js';
import { gpuQuota } from './kaggle/quota.js';
import type { Launcher } from './launcher.js';
import { loopbackTrouble } from './loopback.js';
import { fleetNameSchema, Notes, newFleetName } from './notes.js';

/**
 * Agents in private kernels of one account of Kaggle. A person has one account, so that the profiles of a slots file are the members of
 * one team. Its API is that of Kaggle's own program (kaggle-cli 2.2, kagglesdk 0.1); tried with a stand-in for it, not with Kaggle yet.
 */
export const kaggleLauncher: Launcher<KaggleEntry> = {
  name: 'kaggle',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['server'],
    properties: {
      server: {
        type: 'string',
        pattern: '^https?://',
        description: 'where this machine is on the internet, https://HOST:7463: kernels reach no other',
      },
      profile: {
        ...text,
        description: 'Folder of the access_token or kaggle.json of its account: ~/.kaggle/alice',
      },
      accelerator: {
        type: 'string',
        pattern: '^(none|Nvidia[A-Za-z0-9]+)$',
        description: 'Of each kernel; default: NvidiaTeslaT4, which is two of them; none: CPUs',
      },
      max: {
        type: 'integer',
        minimum: 1,
        maximum: 2,
        description: 'Most kernels at a time; an account has two with GPUs, its own sessions included',
      },
      hours: {
        type: 'number',
        minimum: 0.25,
        maximum: 12,
        description: "Longest session; default: 12, or what the week's quota leaves",
      },
      datasets: {
        type: 'array',
        items: { type: 'string', pattern: '^[^/\\s]+/[^/\\s]+$' },
        description: "Kaggle's, as OWNER/NAME: they lie in /kaggle/input/NAME",
      },
      data: {
        ...text,
        description: 'Where the data lies in a kernel: /kaggle/input/NAME; left out: it is sent',
      },
    },
  },

  max: ({ max = 2 }) => max,

  async open(entry, context) {
    const unreachable = loopbackTrouble(entry.server);
    if (unreachable !== undefined) throw new GridfarmError('grid', `${context.entry}: ${unreachable}`);
    const api = new KaggleApi(
      readCredentials(entry.profile, context.environment),
      context.environment,
      context.signal,
    );
    const refused = await refusal(entry, api);
    if (refused !== undefined) throw new GridfarmError('environment', `${context.entry}: ${refused}`);
    const begin = () => ({ fleet: newFleetName(), next: 1, kernels: [] });
    return new KaggleFleet(
      entry,
      context,
      api,
      await Notes.open<KaggleNotes>(context.folder, notesSchema, begin),
    );
  },

  async check(entry, environment) {
    const unreachable = loopbackTrouble(entry.server);
    const problems = unreachable === undefined ? [] : [unreachable];
    const api = new KaggleApi(readCredentials(entry.profile, environment), environment);
    try {
      const refused = await refusal(entry, api, 'say all');
      return refused === undefined ? problems : [...problems, refused];
    } catch (error) {
      if (!(error instanceof KaggleError)) throw error;
      return [...problems, `Kaggle doesn't answer: ${error.message}`];
    }
  },
};

const notesSchema = shape<KaggleNotes>({
  fleet: fleetNameSchema,
  next: integer,
  kernels: listOf(shape<KaggleNotes['kernels'][number]>({ slug: text, pushedMs: number })),
});

/** Why Kaggle lets this account do nothing. One that doesn't answer now may later. */
async function refusal(entry: KaggleEntry, api: KaggleApi, all?: 'say all'): Promise<string | undefined> {
  try {
    await api.user();
    const { leftSeconds, words } = await gpuQuota(api);
    const isOver = acceleratorOf(entry) !== noAccelerator && leftSeconds === 0;
    return all !== undefined && isOver ? `no GPU time is left this week: ${words}` : undefined;
  } catch (error) {
    if (!(error instanceof KaggleError)) throw error;
    if (error.status === 401 || error.status === 403)
      return `Kaggle lets nobody in with ${api.credentials.origin}: ${error.message}; make a new token at https://www.kaggle.com/settings (API)`;
    if (all !== undefined) throw error;
    return undefined;
  }
}
