import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answersOf, lookAgainMs, readEnvelope, requestsOf, writeEnvelope } from './envelope.js';

/** Whose a served folder is. */
export type Standing = 'ours' | 'away' | 'lost';

/** Answers that nobody has read are kept for so long. */
const keptMs = 600_000;

const requestHead = {
  type: 'object',
  additionalProperties: false,
  required: ['method', 'path', 'headers'],
  properties: {
    method: { enum: ['GET', 'HEAD', 'POST', 'PUT'] },
    path: { type: 'string', pattern: '^/', maxLength: 2000 },
    headers: { type: 'object', additionalProperties: { type: 'string', maxLength: 1000 } },
  },
};
const name = /^([A-Za-z0-9-]{8,100})\.request$/;

/**
 * Answers what agents leave in a folder on a file system that they share with this machine, as if it had come over HTTP: each request is
 * a file, and so is its answer.
 *
 * @param fetch what answers
 * @param standing whose the folder is: nothing is read or written there while it isn't there (`away`), and nothing more once it is
 * another's (`lost`)
 */
export async function serveFolder(
  folder: string,
  fetch: (request: Request) => Response | Promise<Response>,
  signal: AbortSignal,
  standing: () => Standing = () => 'ours',
): Promise<void> {
  await mkdir(requestsOf(folder), { recursive: true, mode: 0o700 });
  await mkdir(answersOf(folder), { recursive: true, mode: 0o700 });
  await tidy(answersOf(folder));
  const busy = new Set<string>();
  let heard = performance.now();
  while (!signal.aborted) {
    // A file system that is away for a while comes back.
    const now = standing();
    if (now === 'lost') return;
    const files = now === 'away' ? [] : await readdir(requestsOf(folder)).catch(() => []);
    for (const file of files) {
      const id = name.exec(file)?.[1];
      if (id === undefined || busy.has(id)) continue;
      busy.add(id);
      heard = performance.now();
      void answer(folder, id, fetch, signal, standing)
        // It is asked again.
        .catch(() => {})
        .finally(() => busy.delete(id));
    }
    await sleep(lookAgainMs(performance.now() - heard), undefined, { signal }).catch(() => {});
  }
}

async function answer(
  folder: string,
  id: string,
  fetch: (request: Request) => Response | Promise<Response>,
  signal: AbortSignal,
  standing: () => Standing,
): Promise<void> {
  const path = join(requestsOf(folder), `${id}.request`);
  const found = await readEnvelope<{ method: string; path: string; headers: Record<string, string> }>(
    path,
    requestHead,
  );
  if (found === undefined) return rm(path, { force: true });
  const { head, body } = found;
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  if (standing() === 'lost') return;
  await rm(path, { force: true });
  const hasBody = head.method === 'POST' || head.method === 'PUT';
  const response = await fetch(
    new Request(`http://folder${head.path}`, {
      method: head.method,
      headers: head.headers,
      signal,
      ...(hasBody && { body: Buffer.concat(pieces) }),
    }),
  );
  const headers = Object.fromEntries(response.headers);
  const content = response.body ?? [];
  // It may have been suspended meanwhile.
  if (standing() === 'lost') return;
  await writeEnvelope(join(answersOf(folder), `${id}.answer`), { status: response.status, headers }, content);
}

async function tidy(folder: string): Promise<void> {
  for (const file of await readdir(folder)) {
    const found = await stat(join(folder, file)).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > keptMs)
      await rm(join(folder, file), { force: true });
  }
}
