import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import { runStates } from '../../domain/run-state.js';
import type { Digest } from '../../notify/digest.js';
import type { Notice } from '../../notify/sender.js';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Is closed after the test. */
export function closed<T extends { close(): void }>(server: T): T {
  closing.push(() => server.close());
  return server;
}

export interface Hit {
  method: string;
  url: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}
type Reply = { status: number; headers?: Record<string, string>; body?: string } | 'hang';

/** A webhook: keeps what comes, and answers what `replies` says, else 200 with a growing id. */
export async function webhook() {
  const hits: Hit[] = [];
  const replies: Reply[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => {
      body += chunk;
    });
    request.on('end', () => {
      hits.push({ method: request.method!, url: request.url!, headers: request.headers, body });
      const reply = replies.shift() ?? { status: 200, body: JSON.stringify({ id: String(hits.length) }) };
      if (reply !== 'hang') response.writeHead(reply.status, reply.headers).end(reply.body ?? '');
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  closed({
    close() {
      server.closeAllConnections();
      server.close();
    },
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/very-secret?thread=1`;
  return { url, hits, replies };
}

export const notice = (text: string): Notice => ({
  event: 'newBest',
  message: { title: text, lines: ['a <b> & c', 'another'], table: ['#  value', '1  0.5'] },
  data: { grid: 'g', value: 0.5 },
});

/** Of a grid that runs. */
export const digest = (changes: Partial<Digest> = {}): Digest => ({
  grid: 'g',
  objective: { metric: 'validationAccuracy', direction: 'maximize' },
  counts: Object.fromEntries(runStates.map(state => [state, 0])) as Digest['counts'],
  runner: { holder: 'process 1 on box', isAlive: true, startedMs: 1, endedMs: null, stopping: null },
  ...{ secondsLeft: null, running: [], failed: [], slots: [], best: null, top: [], freeBytes: null },
  ...changes,
});
