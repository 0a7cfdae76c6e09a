import type { ArtifactPort } from '../../trainer-client/artifacts.js';
import type { FileOffer } from '../messages.js';
import type { BlobStore } from './blob-store.js';

/** What makes a checkpoint whole is written after what it consists of. */
const isSeal = (name: string) => name.endsWith('/state.json');
/** A trainer keeps the newest of them. */
const ofAnEpoch = /^checkpoints\/epoch-\d+\//;

/**
 * Makes what has been sent the files of a run, if all of it is there: each whole or not at all, checkpoints before what they replace.
 *
 * @param known what is there already
 * @returns hashes of what is missing; nothing has been changed then
 */
export async function publishFiles(
  files: readonly FileOffer[],
  known: readonly FileOffer[],
  artifacts: ArtifactPort,
  blobs: BlobStore,
): Promise<string[]> {
  const nameOf = new Map(known.map(({ name, sha256 }) => [sha256, name]));
  const hashes = new Map(known.map(({ name, sha256 }) => [name, sha256]));
  const fresh = files.filter(({ name, sha256 }) => hashes.get(name) !== sha256);
  const missing = new Set<string>();
  const sent = new Set<string>();
  for (const { sha256, bytes } of fresh) {
    const found = await blobs.offset(sha256);
    if (found.isWhole && found.bytes === bytes) sent.add(sha256);
    else if (!nameOf.has(sha256)) missing.add(sha256);
  }
  if (missing.size > 0) return [...missing];
  const order = (name: string) => (ofAnEpoch.test(name) ? (isSeal(name) ? 1 : 0) : 2);
  for (const { name, sha256 } of fresh.toSorted((a, b) => order(a.name) - order(b.name))) {
    const content = sent.has(sha256) ? blobs.read(sha256) : artifacts.read(nameOf.get(sha256)!);
    await artifacts.write(name, content, sha256);
  }
  const kept = new Set(files.map(({ name }) => name));
  for (const { name } of known) if (ofAnEpoch.test(name) && !kept.has(name)) await artifacts.remove(name);
  for (const sha256 of sent) await blobs.drop(sha256);
  return [];
}
