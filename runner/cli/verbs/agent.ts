import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { atomicWrite } from '../../../trainer/files/atomic-write.js';
import { LockHeldError, takeLock } from '../../../trainer/files/lock-file.js';
import { machineShare } from '../../../trainer/files/machine.js';
import { Agent } from '../../agents/client/agent.js';
import { AnswerError } from '../../agents/client/api.js';
import type { OfferedSlot } from '../../agents/client/options.js';
import { httpTransport, type Transport } from '../../agents/client/transport.js';
import { DataStore } from '../../agents/data/data-store.js';
import { folderTransport } from '../../agents/folder/folder-transport.js';
import { programVersion } from '../../agents/program-version.js';
import { GridfarmError, UsageError } from '../../domain/error.js';
import type { OpenSlot } from '../../slots/backend.js';
import { localBackend } from '../../slots/local/backend.js';
import { openSlots, slotEntries } from '../../slots/slots-file.js';
import { startOn } from '../../slots/submission.js';
import { ResultsPaths } from '../../store/run-paths.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';

type Own = Options<
  | 'server'
  | 'sharedFolder'
  | 'tokenFile'
  | 'agentName'
  | 'agentHome'
  | 'slots'
  | 'hours'
  | 'once'
  | 'allowCommand'
  | 'insecureServer'
  | 'uploadLimit'
>;

/** How long an agent that was started for a grid waits for a coordinator that isn't there. */
const onceSeconds = 600;

export async function runAgent(options: Own, context: CommandContext): Promise<void> {
  const say = (words: string) => context.stderr.write(`${new Date().toISOString()} ${words}\n`);
  const transport = transportOf(options);
  const home = resolve(options.home.replace(/^~(?=\/|$)/, homedir()));
  const name = nameOf(options.name ?? hostname().split('.')[0]!);
  const paths = new ResultsPaths(join(home, name));
  mkdirSync(paths.root, { recursive: true, mode: 0o700 });
  const lock = await takeLock(join(paths.root, 'agent.lock'), { patienceMs: 2000 }).catch(
    (error: unknown) => {
      if (!(error instanceof LockHeldError)) throw error;
      throw new GridfarmError(
        'held',
        `another agent works in ${paths.root} (${error.message}); give it another --name or --home`,
      );
    },
  );
  const ended = new AbortController();
  context.onSignal(() => {
    if (ended.signal.aborted) context.quit(130);
    ended.abort();
  });
  const slotContext = { engine: options.engine ?? null, environment: context.environment };
  const slots = await openSlots(await slotEntries(options.slots), slotContext);
  try {
    if (slots.all.length === 0)
      throw new UsageError(`${options.slots}: an agent offers slots of this machine: backend: local`);
    const tokenFile = join(paths.root, 'token');
    const dataRoot = options.data === undefined ? null : resolve(options.data);
    const began = performance.now();
    const agent = new Agent({
      transport,
      token: tokenOf(options, tokenFile, context.environment),
      keepToken: token => writeFileSync(tokenFile, token, { mode: 0o600 }),
      version: programVersion,
      agentId: idOf(join(paths.root, 'id')),
      name,
      slots: slots.all.map(slot => offered(slot, dataRoot)),
      engine: await localBackend.engine({}, slotContext).catch(() => null),
      secondsLeft: () =>
        options.hours === undefined ? null : options.hours * 3600 - (performance.now() - began) / 1000,
      onceSeconds: options.once ? onceSeconds : null,
      allowsCommands: options.allowCommand ?? false,
      folders: {
        spool: slot => join(paths.root, 'runs', slot),
        cell(cellId) {
          const cell = paths.cell(cellId);
          mkdirSync(cell.root, { recursive: true });
          return { cell, cache: paths.cache, grid: cell.root };
        },
        weights: join(paths.root, 'weights'),
      },
      bytesPerSecond: options.uploadLimit === undefined ? null : options.uploadLimit * 1e6,
      write: atomicWrite,
      data: new DataStore(join(home, 'data')),
      say,
      signal: ended.signal,
    });
    await agent.run();
    if (ended.signal.aborted) context.exitWith(130);
  } catch (error) {
    if (error instanceof AnswerError)
      throw new GridfarmError('environment', `${transport.name}: ${error.message}`, { cause: error });
    throw error;
  } finally {
    await slots.close();
    lock.release();
  }
}

function transportOf({ server, folder, insecure }: Own): Transport {
  if (folder !== undefined && server !== undefined)
    throw new UsageError('--server and --folder: one of them');
  if (folder !== undefined) return folderTransport(resolve(folder));
  if (server === undefined)
    throw new UsageError('grid agent: where is the `grid run`? --server URL, or --folder DIR');
  let url: URL;
  try {
    url = new URL(server);
  } catch {
    throw new UsageError(`--server ${server}: expected a URL such as https://box.example:7463`);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new UsageError(`--server ${server}: expected http:// or https://`);
  const isHere = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url.protocol === 'http:' && !isHere && !insecure)
    throw new UsageError(
      `--server ${server}: without TLS the token and the results can be read on the way; use https://, a tunnel that ends on 127.0.0.1, or --insecure`,
    );
  return httpTransport(server);
}

function tokenOf({ tokenFile }: Own, own: string, environment: NodeJS.ProcessEnv): string {
  // In exchange for one that is void since.
  if (existsSync(own)) return readFileSync(own, 'utf8').trim();
  if (tokenFile !== undefined) {
    try {
      return readFileSync(tokenFile, 'utf8').trim();
    } catch (cause) {
      throw new UsageError(`--token-file ${tokenFile}: ${(cause as Error).message}`, { cause });
    }
  }
  const token = environment.GRID_TOKEN?.trim();
  if (!token)
    throw new UsageError('grid agent: no token; `grid token new` makes one, for --token-file or GRID_TOKEN');
  return token;
}

function idOf(file: string): string {
  if (!existsSync(file)) atomicWrite(file, randomUUID());
  return readFileSync(file, 'utf8').trim();
}

/** What a name may consist of, as the coordinator has it. */
const nameOf = (text: string): string =>
  text.replaceAll(/[^A-Za-z0-9._-]/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'agent';

const offered = (slot: OpenSlot, data: string | null): OfferedSlot => ({
  offer: {
    name: slot.slotId.replace(/^local\//, ''),
    device: slot.device,
    memoryMegabytes: Math.floor(machineShare().memory / 1e6),
    dataRoot: slot.dataRoot ?? data,
  },
  start: run => startOn(slot, run),
  close: () => slot.close(),
});
