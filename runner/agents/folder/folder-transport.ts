import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GridfarmError } from '../../domain/error.js';
import type { Transport } from '../client/transport.js';
import { answersOf, lookAgainMs, readEnvelope, requestsOf, writeEnvelope } from './envelope.js';

const answerHead = {
  type: 'object',
  required: ['status', 'headers'],
  properties: {
    status: { type: 'integer' },
    headers: { type: 'object', additionalProperties: { type: 'string' } },
  },
};

/** Speaks to a `grid run` through a folder that both see: for nodes without any route to it. */
export function folderTransport(folder: string): Transport {
  return {
    name: folder,
    async send({ method, path, headers, body, timeoutMs, signal }) {
      if (!existsSync(requestsOf(folder)))
        throw new GridfarmError('environment', `${folder}: no \`grid run\` has served this folder yet`);
      const id = randomUUID();
      const request = join(requestsOf(folder), `${id}.request`);
      const answer = join(answersOf(folder), `${id}.answer`);
      const content = body === undefined ? [] : [typeof body === 'string' ? Buffer.from(body) : body];
      await writeEnvelope(request, { method, path, headers }, content);
      try {
        const over = AbortSignal.timeout(timeoutMs);
        const ends = signal === undefined ? over : AbortSignal.any([over, signal]);
        const asked = performance.now();
        while (!existsSync(answer))
          await sleep(lookAgainMs(performance.now() - asked), undefined, { signal: ends });
      } catch (error) {
        await rm(request, { force: true });
        await rm(answer, { force: true });
        throw error;
      }
      const found = await readEnvelope<{ status: number; headers: Record<string, string> }>(
        answer,
        answerHead,
      );
      if (found === undefined) throw new Error(`${answer} is no answer`);
      const { status, headers: said } = found.head;
      return { status, headers: new Headers(said), body: thenRemoved(found.body, answer) };
    },
  };
}

async function* thenRemoved(body: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array, void> {
  try {
    yield* body;
  } finally {
    await rm(path, { force: true });
  }
}
