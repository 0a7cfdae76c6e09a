/** A message in a file: a line of JSON, then the body as it is. */
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fittingJson } from '../../../trainer/files/checked-json.js';
import { temporaryName, writeDurably } from '../../../trainer/files/durable-file.js';

/** A folder in which nothing has happened for so long is looked at again after this: at once while messages go to and fro, and seldom later. */
export const lookAgainMs = (quietMs: number): number => Math.min(200, 10 + quietMs / 10);

/** Of requests, and of answers, within the folder that both sides see. */
export const requestsOf = (folder: string): string => join(folder, 'requests');
export const answersOf = (folder: string): string => join(folder, 'answers');

const mostBytesOfHead = 64 * 1024;

/** Writes one whole, under its name from the moment at which it is. */
export async function writeEnvelope(
  path: string,
  head: object,
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  async function* pieces(): AsyncGenerator<Uint8Array, void> {
    yield Buffer.from(`${JSON.stringify(head)}\n`);
    yield* body;
  }
  const temporary = temporaryName(path);
  try {
    await writeDurably(temporary, pieces());
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * What the first line says, and the body, to be read while the file is there. Undefined: it is no envelope.
 *
 * @param schema of the first line
 */
export async function readEnvelope<Head>(
  path: string,
  schema: object,
): Promise<{ head: Head; body: AsyncIterable<Uint8Array> } | undefined> {
  const file = await open(path, 'r');
  try {
    const start = Buffer.alloc(mostBytesOfHead);
    const { bytesRead } = await file.read(start, 0, start.length, 0);
    const end = start.subarray(0, bytesRead).indexOf(10);
    const head = end === -1 ? undefined : fittingJson<Head>(start.toString('utf8', 0, end), schema);
    return head && { head, body: bytesFrom(path, end + 1) };
  } finally {
    await file.close();
  }
}

async function* bytesFrom(path: string, start: number): AsyncGenerator<Uint8Array, void> {
  yield* createReadStream(path, { start });
}
