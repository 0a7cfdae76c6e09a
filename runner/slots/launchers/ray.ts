import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { anyText, shape } from '../../../trainer/contract/shape.js';
import { fittingJson } from '../../../trainer/files/checked-json.js';
import { GridfarmError } from '../../domain/error.js';
import { oneLine } from './call.js';
import type { Launcher } from './launcher.js';
import { loopbackTrouble } from './loopback.js';
import { Notes } from './notes.js';
import { isAway, RayApi } from './ray/api.js';
import { entryTrouble, type RayEntry, raySchema } from './ray/entry.js';
import { beginNotes, RayFleet, type RayNotes, rayNotesSchema } from './ray/fleet.js';

/** Agents as jobs of a Ray cluster, by the Jobs REST API of its head. */
export const rayLauncher: Launcher<RayEntry> = {
  name: 'ray',
  schema: raySchema,
  max: entry => entry.max,

  async open(entry, context) {
    const api = new RayApi(entry, context.environment);
    const refused = entryTrouble(entry) ?? (await serverTrouble(entry)) ?? (await refusal(entry, api));
    if (refused !== undefined) throw new GridfarmError('grid', `${context.entry}: ${refused}`);
    const notes = await Notes.open<RayNotes>(context.folder, rayNotesSchema, beginNotes);
    return new RayFleet(entry, context, api, notes);
  },

  async check(entry, environment) {
    const problems = [
      entryTrouble(entry),
      await serverTrouble(entry),
      await refusal(entry, new RayApi(entry, environment), 'say all'),
    ];
    return problems.filter(words => words !== undefined);
  },
};

const versionSchema = shape<{ ray_version: string }>({ ray_version: anyText });

/** Why no agents can be started by this address. A head that doesn't answer now may later. */
async function refusal(entry: RayEntry, api: RayApi, all?: 'say all'): Promise<string | undefined> {
  const answer = await api.ask('GET', '/api/version');
  if (isAway(answer)) return all && `Ray's head doesn't answer: ${answer.words}`;
  if (answer.status === 401 || answer.status === 403)
    return `${entry.address} lets nobody in without what it knows one by (${answer.status}): set RAY_AUTH_TOKEN, or give headers`;
  return answer.status === 200 && fittingJson(answer.body, versionSchema) !== undefined
    ? undefined
    : `address: ${entry.address} is no dashboard of Ray, it answers ${answer.status} ${oneLine(answer.body, 100)}: expected what \`ray job submit --address\` takes, http://HEAD:8265`.replace(
        /\s+:/,
        ':',
      );
}

/** A cluster of other machines reaches no 127.0.0.1 of this one. Behind a loopback address, a tunnel, it may be anywhere. */
async function serverTrouble({ address, server }: RayEntry): Promise<string | undefined> {
  const host = new URL(address).hostname.replace(/^\[|\]$/g, '');
  const found = await lookup(host).catch(() => undefined);
  const own = Object.values(networkInterfaces()).flatMap(each => each ?? []);
  if (found === undefined || own.some(each => each.address === found.address)) return undefined;
  if (/^(127\.|::1$)/.test(found.address)) return undefined;
  return server === undefined
    ? `server is missing: agents at ${host} reach no 127.0.0.1 of this machine; expected its address as they reach it, http://HOST:PORT, with listen: 0.0.0.0:PORT`
    : loopbackTrouble(server);
}
