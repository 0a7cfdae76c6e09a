import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerType } from '@hono/node-server';
import { checkedJson } from '../../../trainer/files/checked-json.js';
import { describeHolder } from '../../../trainer/files/lock-content.js';
import { type HeldLock, LockHeldError, takeLock } from '../../../trainer/files/lock-file.js';
import { silenceMs } from '../../../trainer/files/lock-watch.js';
import { GridfarmError } from '../../domain/error.js';
import { closeServer, isLoopback, openServer, parseAddress, type Tls, urlOf } from '../../http/listen.js';
import { type Standing, serveFolder } from '../folder/serve-folder.js';
import { VersionPackage } from '../package/version-package.js';
import { agentApp } from './app.js';
import { BlobStore } from './blob-store.js';
import { Coordinator } from './coordinator.js';
import { Names } from './names.js';
import { SentData } from './sent-data.js';
import type { FarmEntry, SlotListener } from './session.js';
import { TokenFile } from './tokens.js';

/** Where agents find a `grid run`, beside loopback. */
export interface Listening {
  /** `0.0.0.0:7463` */
  address: string;
  /** Null: none. */
  tls: Tls | null;
  /** The user knows that tokens and results pass unencrypted. */
  insecure: boolean;
}

export interface FarmOptions {
  /** Absolute: what is kept of the agents of this grid. */
  folder: string;
  /** Absolute: the file of the tokens. */
  tokens: string;
  version: string;
  listener: SlotListener;
  writeFile(path: string, content: string): void;
  /** Absolute: what can be made again. */
  cache: string;
}

const watchTokensMs = 1000;
/** Agents say something more often. */
const keepAliveMs = 75_000;
/** One that serves a folder, and is about to end, is waited for so long. */
const lockMs = 3000;
/** Connections that wait to be taken: after a restart all agents come at once. */
const mostUnanswered = 4096;

/** A coordinator with its doors: one for a `grid run`, which closes it. */
export class Farm {
  readonly tokens: TokenFile;
  readonly coordinator: Coordinator;
  readonly app: ReturnType<typeof agentApp>;
  /** Of the agents of each entry. */
  readonly #entries = new Map<string | null, FarmEntry>();
  /** Where agents find it. */
  readonly addresses: string[] = [];
  readonly #servers: ServerType[] = [];
  readonly #folders: (() => Promise<void>)[] = [];
  readonly #watch: NodeJS.Timeout;
  readonly #data: SentData;
  #package: Promise<VersionPackage> | undefined;
  #local: Promise<string> | undefined;

  constructor(private readonly options: FarmOptions) {
    const { folder, version, listener, writeFile } = options;
    mkdirSync(folder, { recursive: true });
    const blobs = new BlobStore(join(folder, 'blobs'));
    void blobs.tidy().catch(() => {});
    this.#data = new SentData(join(folder, 'data.json'), writeFile);
    this.tokens = new TokenFile(options.tokens);
    this.coordinator = new Coordinator({
      version,
      blobs,
      names: new Names(join(folder, 'names.json'), writeFile),
      listener,
      entryOf: entry => this.#entries.get(entry),
      dataOf: run => this.#data.hashFor(run),
      knownData: data => this.#data.knownHash(data),
    });
    this.app = agentApp({
      coordinator: this.coordinator,
      tokens: this.tokens,
      blobs,
      data: this.#data,
      versionPackage: () => this.versionPackage(),
    });
    this.#watch = this.#watchTokens();
  }

  /** This version, for machines that haven't it yet. */
  versionPackage(): Promise<VersionPackage> {
    this.#package ??= VersionPackage.open(join(this.options.cache, 'packages'));
    return this.#package;
  }

  /** Agents with tokens of this entry are let in from now on; null: by hand. */
  addEntry(entry: string | null, how: FarmEntry): void {
    this.#entries.set(entry, how);
  }

  /** The address on loopback, the same from one `grid run` to the next where that is free: agents find it again. */
  localUrl(): Promise<string> {
    this.#local ??= this.#listenLocally();
    return this.#local;
  }

  /** @throws GridfarmError with words for the user */
  async listen({ address, tls, insecure }: Listening): Promise<void> {
    const { host, port } = parseAddress(address, 'listen');
    if (tls === null && !insecure && !isLoopback(host))
      throw new GridfarmError(
        'grid',
        `listen: ${address} is reached from other machines, and without TLS tokens and results would pass in the open: give certificate and key, listen on 127.0.0.1 behind a proxy or tunnel with TLS, or say insecure: true`,
      );
    const found = await this.#open(host, port, tls).catch((error: Error) => {
      throw new GridfarmError('environment', `listen: ${address}: ${error.message}`, { cause: error });
    });
    this.addresses.push(urlOf({ host, port: found }, tls));
  }

  /**
   * Agents may come through this folder, too, which they see as well.
   *
   * @param say told if another `grid run` that serves it may be gone, and that is being found out
   * @throws GridfarmError if it can't be written, or another `grid run` serves it
   */
  async serve(folder: string, say: (words: string) => void = () => {}): Promise<void> {
    // Two entries may name it.
    if (this.addresses.includes(folder)) return;
    const ended = new AbortController();
    await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: Error) => {
      throw new GridfarmError('environment', `folder: ${error.message}`, { cause: error });
    });
    const lock = await takeLock(join(folder, 'served.lock'), {
      patienceMs: lockMs,
      details: { results: this.options.folder },
      onWait: say,
    }).catch((error: Error) => {
      const words =
        error instanceof LockHeldError
          ? `${folder} is served by another \`grid run\` (${describeHolder(error.holder)}), and its agents would be answered from here: give each a folder of its own, or wait until that has ended`
          : error.message;
      throw new GridfarmError('environment', `folder: ${words}`, { cause: error });
    });
    const standing = () => standingOf(folder, lock);
    const serving = serveFolder(folder, request => this.app.fetch(request), ended.signal, standing).then(
      () => {
        if (!ended.signal.aborted)
          say(
            `${folder} is served by another \`grid run\` since this one was suspended for longer than ${silenceMs / 1000} s: no agent there is answered from here any more, and their cells go on elsewhere; end this one, or give each a folder of its own`,
          );
      },
    );
    this.addresses.push(folder);
    this.#folders.push(async () => {
      ended.abort();
      await serving;
      lock.release();
    });
  }

  async close(): Promise<void> {
    clearInterval(this.#watch);
    await this.coordinator.close();
    await Promise.all(this.#folders.map(end => end()));
    // Long polls are answered by now; nobody else is waited for.
    await Promise.all(this.#servers.map(server => closeServer(server)));
  }

  async #listenLocally(): Promise<string> {
    const file = join(this.options.folder, 'port.json');
    const before = lastPort(file);
    const port = await this.#open('127.0.0.1', before, null).catch(() => this.#open('127.0.0.1', 0, null));
    if (port !== before) this.options.writeFile(file, `${JSON.stringify({ port })}\n`);
    const url = `http://127.0.0.1:${port}`;
    this.addresses.push(url);
    return url;
  }

  async #open(host: string, port: number, tls: Tls | null): Promise<number> {
    const { server, port: found } = await openServer({
      fetch: this.app.fetch,
      address: { host, port },
      tls,
      keepAliveMs,
      mostUnanswered,
    });
    this.#servers.push(server);
    return found;
  }

  #watchTokens(): NodeJS.Timeout {
    const valid = () =>
      new Set(this.tokens.all.flatMap(({ id, revokedMs }) => (revokedMs === null ? id : [])));
    let before = valid();
    const timer = setInterval(() => {
      let now: Set<string>;
      try {
        now = valid();
      } catch {
        // Damaged: nobody is let in, and who is in stays.
        return;
      }
      for (const id of before) if (!now.has(id)) void this.coordinator.revoked(id);
      before = now;
    }, watchTokensMs);
    timer.unref();
    return timer;
  }
}

/** A file system may be away for a while, and come back. */
function standingOf(folder: string, lock: HeldLock): Standing {
  try {
    if (lock.isHeld()) return 'ours';
    return existsSync(folder) ? 'lost' : 'away';
  } catch {
    return 'away';
  }
}

const portSchema = {
  type: 'object',
  properties: { port: { type: 'integer', minimum: 1, maximum: 65535 } },
  required: ['port'],
};

function lastPort(file: string): number {
  try {
    return checkedJson<{ port: number }>(readFileSync(file, 'utf8'), portSchema, file).port;
  } catch {
    return 0;
  }
}
