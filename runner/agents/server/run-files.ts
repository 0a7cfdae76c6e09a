import { hashOfPieces } from '../../trainer-client/hash-pieces.js';
import type { SlotRun } from '../../trainer-client/trainer-run.js';
import type { FileOffer } from '../messages.js';

/** What the run goes on from, as it is now. */
export async function filesOf({ artifacts }: SlotRun): Promise<FileOffer[]> {
  const files: FileOffer[] = [];
  for (const { name, bytes } of await artifacts.list())
    files.push({ name, bytes, sha256: await hashOfPieces(artifacts.read(name)) });
  return files;
}
