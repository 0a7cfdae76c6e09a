import { join } from 'node:path';
import type { ServerType } from '@hono/node-server';
import { GridfarmError } from '../../domain/error.js';
import {
  type Address,
  closeServer,
  isLoopback,
  openServer,
  parseAddress,
  type Tls,
  urlOf,
} from '../../http/listen.js';
import { webApp } from './app.js';
import { Boards } from './board/boards.js';
import type { Control } from './routes/control.js';
import { WebToken } from './token.js';
import { WatchedStore } from './watched-store.js';

const defaultListen = '127.0.0.1:7464';
/** Ports after a taken one that are tried, where none was asked for. */
const triedPorts = 20;
const keepAliveMs = 75_000;

export interface ServeOptions {
  results: string;
  /** `HOST:PORT`; undefined: `defaultListen`, or the next port that is free. */
  listen: string | undefined;
  tls: Tls | null;
  /** The user knows that token and results pass unencrypted. */
  insecure: boolean;
  /** Names that it is reached by beside those of this machine: of a proxy, a tunnel. */
  names: readonly string[];
  control: Control;
  /** Looked at first: it is read at once. */
  grid?: string | undefined;
}

export interface WebServer {
  /** `http://127.0.0.1:7464` */
  url: string;
  address: Address;
  /** The same with the token: who opens it may steer. */
  tokenUrl: string;
  close(): Promise<void>;
}

/** Opens the page's server. @throws GridfarmError with words for the user */
export async function serveWeb(options: ServeOptions): Promise<WebServer> {
  const { results, listen, tls, insecure, names, control, grid } = options;
  const asked = parseAddress(listen ?? defaultListen, '--listen');
  if (tls === null && !insecure && !isLoopback(asked.host))
    throw new GridfarmError(
      'usage',
      `--listen: ${listen} is reached from other machines, and without TLS the token and the results would pass in the open: give --certificate and --key, listen on 127.0.0.1 and let \`--share\` say how to reach it, or say --insecure`,
    );
  const store = await WatchedStore.open(results);
  const boards = new Boards(store);
  // Whoever opens the page finds it read.
  const [first, ...others] = store.reader.grids();
  const shown = grid ?? (others.length === 0 ? first?.name : undefined);
  if (shown !== undefined) void boards.of(shown).catch(() => {});
  const ended = new AbortController();
  let port = 0;
  try {
    const token = WebToken.open(join(store.paths.root, 'web', 'token'));
    const app = webApp({
      store,
      boards,
      control,
      guard: { token, cookie: () => `gridfarm-${port}`, listens: asked.host, names },
      isEncrypted: tls !== null,
      ended: ended.signal,
    });
    const opened = await openFrom(asked, listen === undefined ? triedPorts : 0, address =>
      openServer({ fetch: app.fetch, address, tls, keepAliveMs }),
    ).catch((error: Error) => {
      throw new GridfarmError('environment', `--listen: ${asked.host}:${asked.port}: ${error.message}`, {
        cause: error,
      });
    });
    port = opened.port;
    const address = { host: asked.host, port };
    const url = urlOf(address, tls);
    return {
      url,
      address,
      tokenUrl: `${url}/#token=${token.secret}`,
      async close() {
        ended.abort();
        await closeServer(opened.server);
        boards.close();
        store.close();
      },
    };
  } catch (error) {
    boards.close();
    store.close();
    throw error;
  }
}

type Opened = { server: ServerType; port: number };

async function openFrom(
  address: Address,
  more: number,
  open: (address: Address) => Promise<Opened>,
): Promise<Opened> {
  try {
    return await open(address);
  } catch (error) {
    if (more === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return openFrom({ ...address, port: address.port + 1 }, more - 1, open);
  }
}
