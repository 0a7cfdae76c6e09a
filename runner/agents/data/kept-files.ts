/** What an agent keeps of what was sent to it: as much as fits, what was used last longest. */
import { statSync, utimesSync } from 'node:fs';

export interface KeptFile {
  name: string;
  /** Its time tells when it was used last: agents may share the folder. */
  note: string;
  bytes: number;
  remove(): Promise<void>;
}

/** Whoever uses something says so again after half of this; who is silent for longer doesn't use it any more. */
const inUseMs = 3_600_000;

export const newestFirst = (files: readonly KeptFile[]): KeptFile[] =>
  files
    .map(file => ({ file, ms: statSync(file.note, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((one, other) => other.ms - one.ms)
    .map(({ file }) => file);

export class KeptFiles {
  /** Used by this process: it may be until it ends. */
  readonly #used = new Set<string>();

  /** `all`: what there is, what was used last first. */
  constructor(
    private readonly mostBytes: number,
    private readonly all: () => KeptFile[],
  ) {}

  use(note: string): void {
    if (!this.#used.has(note)) setInterval(() => touch(note), inUseMs / 2).unref();
    this.#used.add(note);
    touch(note);
  }

  /** Before so much more comes: of what nobody uses that goes which was used longest ago. What can't be removed stays. */
  async makeRoom(bytes: number): Promise<void> {
    const files = this.all();
    let total = bytes + files.reduce((sum, file) => sum + file.bytes, 0);
    for (const file of files.reverse()) {
      if (total <= this.mostBytes) return;
      const { mtimeMs = 0 } = statSync(file.note, { throwIfNoEntry: false }) ?? {};
      if (this.#used.has(file.note) || Date.now() - mtimeMs < inUseMs) continue;
      await file.remove().then(
        () => {
          total -= file.bytes;
        },
        () => {},
      );
    }
  }
}

function touch(note: string): void {
  try {
    const now = new Date();
    utimesSync(note, now, now);
  } catch {
    // It is another's folder, or gone.
  }
}
