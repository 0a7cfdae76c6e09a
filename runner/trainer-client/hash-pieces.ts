import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** Of a large file: each piece is a way to another thread and back. */
export const bytesOfPiece = 1024 * 1024;

/** SHA-256 of a file, hexadecimal. Rejects with the file system's error. */
export const hashOfFile = (path: string): Promise<string> =>
  hashOfPieces(createReadStream(path, { highWaterMark: bytesOfPiece }));

/** SHA-256 of what comes piece by piece, hexadecimal. */
export async function hashOfPieces(content: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of content) hash.update(piece);
  return hash.digest('hex');
}
