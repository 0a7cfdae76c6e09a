/** Where a server of this program is reached: its address, and the rule of TLS. */
import { readFileSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import { GridfarmError } from '../domain/error.js';

/** PEM files. */
export interface Tls {
  certificate: string;
  key: string;
}

export interface Address {
  host: string;
  port: number;
}

const loopback = ['127.0.0.1', '::1', 'localhost'];

/** Whether it is reached from this machine alone. */
export const isLoopback = (host: string): boolean => loopback.includes(host);

/**
 * `HOST:PORT`, `[::1]:PORT`.
 *
 * @param key what the user wrote it at: `listen`, `--listen`
 * @throws GridfarmError with words for the user
 */
export function parseAddress(address: string, key: string): Address {
  const [, six, host = six, port] = /^(?:\[([0-9a-f:]+)\]|([^:[\]]+)):(\d{1,5})$/i.exec(address) ?? [];
  if (host === undefined || Number(port) > 65535)
    throw new GridfarmError('grid', `${key}: ${address}: expected HOST:PORT, e.g. 0.0.0.0:7463`);
  return { host, port: Number(port) };
}

/** `https://[::1]:7463` */
export const urlOf = ({ host, port }: Address, tls: Tls | null): string =>
  `${tls === null ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`;

interface ServerOptions {
  fetch: Parameters<typeof createAdaptorServer>[0]['fetch'];
  address: Address;
  tls: Tls | null;
  /** How long a connection that rests is kept. */
  keepAliveMs: number;
  /** Connections that wait to be taken. */
  mostUnanswered?: number;
}

/** Port 0: any that is free. Rejects with the system's error. */
export async function openServer(options: ServerOptions): Promise<{ server: ServerType; port: number }> {
  const { fetch, address, tls, keepAliveMs, mostUnanswered } = options;
  const server = createAdaptorServer({
    fetch,
    ...(tls === null
      ? { serverOptions: { keepAliveTimeout: keepAliveMs } }
      : {
          createServer: createHttpsServer,
          serverOptions: {
            cert: readFileSync(tls.certificate),
            key: readFileSync(tls.key),
            keepAliveTimeout: keepAliveMs,
          },
        }),
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...address, ...(mostUnanswered !== undefined && { backlog: mostUnanswered }) }, resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}

/** Answers under way are waited for this long at most. */
export function closeServer(server: ServerType, patienceMs = 500): Promise<void> {
  return new Promise<void>(resolve => {
    server.close(() => resolve());
    setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), patienceMs).unref();
  });
}
