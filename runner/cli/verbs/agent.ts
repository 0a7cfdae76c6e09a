import { existsSync, mkdirSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { atomicWrite } from '../../../trainer/files/atomic-write.js';
import { LockHeldError, takeLock } from '../../../trainer/files/lock-file.js';
import { Agent } from '../../agents/client/agent.js';
import { AnswerError } from '../../agents/client/api.js';
import type { OfferedSlot } from '../../agents/client/options.js';
import { SentCells } from '../../agents/client/sent-cells.js';
import { WeightsStore } from '../../agents/client/weights-store.js';
import { DataStore } from '../../agents/data/data-store.js';
import { OwnData } from '../../agents/data/own-data.js';
import { programVersion } from '../../agents/program-version.js';
import { GridfarmError, UsageError } from '../../domain/error.js';
import type { OpenSlot } from '../../slots/backend.js';
import { localBackend } from '../../slots/local/backend.js';
import { askOf, openSlots, slotEntries } from '../../slots/slots-file.js';
import { startOn } from '../../slots/submission.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { inspectData } from '../../trainer-client/inspect.js';
import { type AgentArguments, AgentToken, idOf, nameOf, transportOf } from '../agent-options.js';
import type { CommandContext } from '../context.js';
import { printNotebookCell } from '../notebook-cell.js';

/** How long an agent that was started for a grid waits for a coordinator that isn't there. */
const onceSeconds = 600;

export async function runAgent(options: AgentArguments, context: CommandContext): Promise<void> {
  if (options.notebook) return printNotebookCell(options, context);
  if (options.askToken) throw new UsageError('--ask-token goes with --notebook');
  const say = (words: string) => context.stderr.write(`${new Date().toISOString()} ${words}\n`);
  const transport = transportOf(options);
  const home = resolve(options.home.replace(/^~(?=\/|$)/, homedir()));
  const name = nameOf(options.name ?? hostname().split('.')[0]!);
  const paths = new ResultsPaths(join(home, name));
  mkdirSync(paths.root, { recursive: true, mode: 0o700 });
  const token = new AgentToken(options, context.environment, join(paths.root, 'token'));
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
  const entries = await slotEntries(options.slots);
  const slots = await openSlots(entries, slotContext);
  try {
    if (slots.all.length === 0)
      throw new UsageError(`${options.slots}: an agent offers slots of this machine: backend: local`);
    const dataRoot = options.data === undefined ? null : resolve(options.data);
    if (dataRoot !== null && !existsSync(dataRoot))
      throw new UsageError(`--data ${dataRoot}: there is no such folder; left out, the data are sent`);
    const keptBytes = options.keepGb * 1e9;
    const began = performance.now();
    const agent = new Agent({
      transport,
      token: token.secret,
      keepToken: secret => token.keep(secret),
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
      },
      weights: new WeightsStore(join(paths.root, 'weights'), keptBytes),
      bytesPerSecond: options.uploadLimit === undefined ? null : options.uploadLimit * 1e6,
      write: (path, content) => atomicWrite(path, content, { isFlushed: false }),
      data: new DataStore(resolve(options.sentData ?? join(home, 'data')), keptBytes),
      sentCells: new SentCells({
        folder: join(paths.root, 'sent'),
        cellFolder: cellId => paths.cell(cellId).root,
      }),
      ownData: new OwnData(data => inspectData(data, askOf(entries[0]!, slotContext), paths.cache), say),
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

const ownName = (name: string) => name.replace(/^local\//, '');

const offered = (slot: OpenSlot, data: string | null): OfferedSlot => ({
  offer: {
    name: ownName(slot.slotId),
    device: slot.device,
    memoryMegabytes: slot.memoryMegabytes ?? null,
    shares: slot.shares === undefined ? null : { ...slot.shares, name: ownName(slot.shares.name) },
    dataRoot: slot.dataRoot ?? data,
  },
  start: run => startOn(slot, run),
  close: () => slot.close(),
});
