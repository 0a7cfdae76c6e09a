import { request } from 'node:http';
import { afterEach } from 'vitest';
import { steer } from '../../scheduler/steer.js';
import { openStore } from '../../store/open-store.js';
import type { StoreWriter } from '../../store/run-store.js';
import { type ServeOptions, serveWeb, type WebServer } from '../../web/server/serve.js';

const servers = new Set<WebServer>();
afterEach(async () => {
  for (const server of servers) await end(server);
});

export async function end(server: WebServer): Promise<void> {
  if (servers.delete(server)) await server.close();
}

export async function write<T>(results: string, work: (store: StoreWriter) => T | Promise<T>): Promise<T> {
  const store = await openStore(results);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** The page's server on a results folder, closed after the test. */
export async function serve(results: string, options: Partial<ServeOptions> = {}): Promise<WebServer> {
  const server = await serveWeb({
    ...{ results, listen: '127.0.0.1:0', tls: null, insecure: false, names: [] },
    control: {
      steer: wish => write(results, store => steer(store, wish)),
      note: async (cell, text) => {
        await write(results, store => store.addNote(store.findCell(cell).cellId, text));
        return [{ subject: cell, outcome: 'done', answer: 'noted' }];
      },
    },
    ...options,
  });
  servers.add(server);
  return server;
}

export const tokenOf = ({ tokenUrl }: WebServer): string => tokenUrl.slice(tokenUrl.indexOf('=') + 1);

export interface Answer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
}

/** Any request at all: `fetch` sets Host and Sec-Fetch-Site itself. */
export function ask(
  server: WebServer,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { ...server.address, path, method: body === undefined ? 'GET' : 'POST', headers, agent: false },
      answer => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (part: string) => {
          text += part;
        });
        answer.on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, text }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

export async function json<T>(server: WebServer, path: string): Promise<T> {
  const { status, text } = await ask(server, path);
  if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
  return JSON.parse(text) as T;
}

/** A request that changes something, with the token. */
export const change = (server: WebServer, path: string, body: unknown) =>
  ask(
    server,
    path,
    { authorization: `Bearer ${tokenOf(server)}`, 'content-type': 'application/json' },
    JSON.stringify(body),
  );
