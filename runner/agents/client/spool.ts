import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { TrainerEvent } from '../../../trainer/contract/events.js';
import { machineCondition } from '../../../trainer/contract/machine-conditions.js';
import { atomicWrite } from '../../../trainer/files/atomic-write.js';
import { fittingJson } from '../../../trainer/files/checked-json.js';
import type { RunExit } from '../../trainer-client/trainer-run.js';
import { mostBytesOfBatch, mostEventsOfBatch } from '../limits.js';
import type { GivenRun } from '../messages.js';

const lookMs = 250;

/**
 * What a run on this machine has told, on the disk until the slot's next run: a coordinator that was away, or is started anew, is told
 * it again from any event on.
 *
 * Events are told once they are flushed: numbered after them, what comes after a power cut would else be taken for them. Nothing
 * else here is: without `run.json` the run is none of this machine's any more and goes on elsewhere, without `exit.json` its trainer
 * comes to the same end again.
 */
export class Spool {
  #events: string[] = [];
  #file: number | undefined;
  #changed: (() => void) | undefined;
  #isKept = false;
  /** How many of the events a power cut leaves. */
  #flushed = 0;
  /** A flush has failed: what the file holds of what came after the last one isn't known, whatever the next one says. */
  #isDoubtful = false;
  exit: RunExit | undefined;

  private constructor(
    readonly run: GivenRun,
    private readonly folder: string,
  ) {}

  /** Of a new run: `keep` puts it in the place of the one before. */
  static begin(folder: string, run: GivenRun): Spool {
    return new Spool(run, folder);
  }

  /** The run that was under way in this folder; undefined: none. */
  static find(folder: string): Spool | undefined {
    const run = readJson<GivenRun>(join(folder, 'run.json'));
    if (run === undefined) return undefined;
    const spool = new Spool(run, folder);
    spool.#isKept = true;
    const events = join(folder, 'events.ndjson');
    if (existsSync(events)) {
      const content = readFileSync(events, 'utf8');
      // A line that was cut off by a crash isn't told, and comes again from the trainer; so does what is after it.
      const lines = content.split('\n').slice(0, -1);
      const broken = lines.findIndex(line => fittingJson(line, { type: 'object' }) === undefined);
      spool.#events = broken === -1 ? lines : lines.slice(0, broken);
      const whole = spool.#events.map(line => `${line}\n`).join('');
      if (whole !== content) truncateSync(events, Buffer.byteLength(whole));
    }
    spool.exit = readJson<{ exit: RunExit }>(join(folder, 'exit.json'))?.exit;
    return spool;
  }

  /** From now on it is on the disk. @throws the file system's error */
  keep(write: (path: string, content: string) => void): void {
    if (this.#isKept) return;
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    write(join(this.folder, 'run.json'), JSON.stringify(this.run));
    this.#isKept = true;
  }

  /** Number of the event that would come next. */
  get next(): number {
    return this.#events.length + 1;
  }

  get finishedEpochs(): number {
    const epochs = this.#events.flatMap(line => {
      const {
        type,
        epoch = 0,
        history = [],
      } = JSON.parse(line) as {
        type: string;
        epoch?: number;
        history?: { epoch: number }[];
      };
      if (type === 'started') return history.map(each => each.epoch);
      return type === 'epoch' ? [epoch] : [];
    });
    return Math.max(this.run.finishedEpochs, ...epochs);
  }

  /** @throws the file system's error; then it isn't told either, and nothing of it is in the file */
  append(event: TrainerEvent): void {
    const line = JSON.stringify(event);
    const file = this.#open();
    const { size } = fstatSync(file);
    try {
      writeFileSync(file, `${line}\n`);
    } catch (error) {
      ftruncateSync(file, size);
      throw error;
    }
    this.#events.push(line);
    this.wake();
  }

  /** One for as many events as have come. @throws the file system's error; another call tries again */
  #flush(): void {
    if (this.#flushed === this.#events.length) return;
    if (this.#isDoubtful) {
      this.close();
      atomicWrite(this.#path, this.#events.map(line => `${line}\n`).join(''));
      this.#isDoubtful = false;
    } else
      try {
        fsyncSync(this.#open());
      } catch (error) {
        this.#isDoubtful = true;
        throw error;
      }
    this.#flushed = this.#events.length;
  }

  get #path(): string {
    return join(this.folder, 'events.ndjson');
  }

  #open(): number {
    this.#file ??= openSync(this.#path, 'a');
    return this.#file;
  }

  /** Where that can't be kept, it is told all the same: of a crash before that, the trainer comes to the same end again. */
  end(exit: RunExit, write: (path: string, content: string) => void): void {
    try {
      // An end on the disk says that all events are there.
      this.#flush();
      write(join(this.folder, 'exit.json'), JSON.stringify({ exit }));
    } catch (error) {
      if (machineCondition(error) === undefined) throw error;
    }
    this.close();
    this.exit = exit;
    this.wake();
  }

  /** As many from a number on as one message takes. @throws the file system's error: they can't be told yet */
  batch(from: number): TrainerEvent[] {
    this.#flush();
    const events: TrainerEvent[] = [];
    let bytes = 0;
    for (const line of this.#events.slice(from - 1, from - 1 + mostEventsOfBatch)) {
      bytes += Buffer.byteLength(line);
      if (events.length > 0 && bytes > mostBytesOfBatch) break;
      events.push(JSON.parse(line) as TrainerEvent);
    }
    return events;
  }

  /** Settles when there is something new to tell, from that event on; or else, which is looked at now and then; at the latest after `forMs`. */
  async somethingNew(
    from: number,
    { forMs, orElse, signal }: { forMs: number; orElse(): boolean; signal: AbortSignal },
  ): Promise<void> {
    const until = performance.now() + forMs;
    const over = new AbortController();
    const news = this.#news(from, AbortSignal.any([signal, over.signal]));
    try {
      for (let rest = forMs; rest > 0; rest = until - performance.now()) {
        const isNews = await Promise.race([
          news.then(() => true),
          sleep(Math.min(rest, lookMs), false, { signal: over.signal }).catch(() => true),
        ]);
        if (!isNews && !orElse()) continue;
        // What has come with it goes with it.
        await setImmediate();
        return;
      }
    } finally {
      over.abort();
    }
  }

  #news(from: number, signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      this.#changed = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (signal.aborted || this.next > from || this.exit !== undefined) resolve();
    });
  }

  wake(): void {
    this.#changed?.();
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** What this program wrote whole, or nothing. */
function readJson<T>(path: string): T | undefined {
  try {
    return fittingJson<T>(readFileSync(path, 'utf8'), { type: 'object' });
  } catch {
    return undefined;
  }
}
