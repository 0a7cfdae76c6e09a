import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrapScript } from '../../agents/bootstrap/script.js';
import type { Farm } from '../../agents/server/farm.js';
import { GridfarmError } from '../../domain/error.js';
import type { RunContext, SlotContext } from '../../trainer-client/trainer-run.js';
import type { SlotBackend, SlotHost } from '../backend.js';
import { dataRootOf } from '../data-root.js';
import { awaitAgents, type ListeningKeys, listeningKeys } from '../listening.js';
import { localBackend } from '../local/backend.js';
import { farmFolder } from '../open-farm.js';
import { type SendingKeys, sendEvery, sendingKeys } from '../sending.js';
import { keepFleet } from './keep-fleet.js';
import type { LaunchContext, Launcher } from './launcher.js';

/** Keys of every entry whose slots agents bring that `grid run` starts. */
interface CommonKeys extends ListeningKeys, SendingKeys {
  server?: string;
  folder?: string;
  setup?: boolean;
}

const common = {
  server: {
    type: 'string',
    pattern: '^https?://',
    description: 'Where `grid run` is from there: https://head.example:7463; default: on this machine',
  },
  folder: {
    type: 'string',
    pattern: '^(/|~/)',
    description:
      'In place of server: a folder that its agents see as well, absolute, or ~/…; they need no route then',
  },
  ...listeningKeys,
  ...sendingKeys,
  setup: { type: 'boolean', description: 'Gets the native engine there, as grid setup does' },
};

/** Slots of agents that a launcher starts, as many as there are cells for. */
export function launchedBackend<Entry>(launcher: Launcher<Entry>): SlotBackend<Entry & CommonKeys> {
  const { properties, ...schema } = launcher.schema as { properties: object };
  return {
    name: launcher.name,
    slotsJoin: true,
    schema: { ...schema, properties: { ...common, ...properties } },

    async open(entry, context, host) {
      if (context.run === undefined) return [];
      const farm = host.farm(context.run);
      const { id, folder } = placeOf(launcher.name, entry, context.run);
      farm.addEntry(id, { backend: launcher.name, mostSlots: null, sendEvery: sendEvery(entry) });
      await awaitAgents(farm, entry);
      const shared = sharedFolder(entry, folder);
      if (shared !== undefined) await farm.serve(shared, words => host.say(words));
      const launch = await contextOf(launcher.name, entry, { farm, id, folder, shared }, context, host);
      const fleet = await launcher.open(entry, launch);
      keepFleet(fleet, launcher.max(entry), launch, host);
      return [];
    },

    // Where its agents have the data, they say themselves.
    dataRoot: () => null,

    // No agent is there yet: this machine has the same trainer.
    engine: (_, context) => localBackend.engine({}, context),
    ask: (_, question, context) => localBackend.ask({}, question, context),
    check: (entry, environment) => launcher.check(entry, environment),
    ...(launcher.preview !== undefined && { preview: launcher.preview }),
  };
}

/** An entry that is written the same has the same agents, whatever its place in the file. */
function placeOf(name: string, entry: object, run: RunContext) {
  const id = `${name}-${createHash('sha256').update(JSON.stringify(entry)).digest('hex').slice(0, 8)}`;
  const folder = join(farmFolder(run), 'launched', id);
  mkdirSync(folder, { recursive: true });
  return { id, folder };
}

/** Of this entry and grid alone, within the one that is named: others may have it, too. */
function sharedFolder({ server, folder }: CommonKeys, place: string): string | undefined {
  if (folder === undefined) return undefined;
  if (server !== undefined)
    throw new GridfarmError(
      'grid',
      'server and folder: agents come one way, by the address or through the folder',
    );
  return join(
    dataRootOf(folder)!,
    `gridfarm-${createHash('sha256').update(place).digest('hex').slice(0, 16)}`,
  );
}

async function contextOf(
  name: string,
  { server, insecure = false, setup = false }: CommonKeys,
  { farm, id, folder, shared }: { farm: Farm; id: string; folder: string; shared: string | undefined },
  { environment, engine }: SlotContext,
  host: SlotHost,
): Promise<LaunchContext> {
  const localUrl = await farm.localUrl();
  let ofAll: Promise<{ secret: string }> | undefined;
  return {
    environment,
    folder,
    entry: `${name} (${id.slice(name.length + 1)})`,
    localUrl,
    connected: () => farm.coordinator.connected(id),
    say: words => host.say(words),
    signal: host.signal,
    async agentScript({ once = false, arguments: more = [], ...options } = {}) {
      const token = () => farm.tokens.add(id, { once, entry: id });
      if (!once) ofAll ??= token();
      const { secret } = await (once ? token() : ofAll!);
      const { version } = await farm.versionPackage();
      const own = [...(insecure ? ['--insecure'] : []), ...(engine === null ? [] : ['--engine', engine])];
      return bootstrapScript({
        server: shared ?? server ?? localUrl,
        setupEngine: setup,
        ...options,
        token: secret,
        version,
        arguments: ['--once', ...own, ...more],
      });
    },
  };
}
