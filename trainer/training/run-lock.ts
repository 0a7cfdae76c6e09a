/** One writer a cell: an orphan of a killed runner and a new trainer never write the same checkpoints. */
import { readFileSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const patienceMs = 5_000;
const pollMs = 50;

interface Holder {
  pid: number;
  host: string;
  /** Tells a process from a later one with the same pid; null where the system doesn't say. */
  startTime: string | null;
}

/**
 * Holds `trainer.lock` in `runDir` until the returned function is called. A dead holder's lock is taken over, a live
 * one (as a trainer that is about to notice its runner's end) is waited for; after five seconds it is an error.
 */
export async function lockRun(runDir: string): Promise<() => Promise<void>> {
  await mkdir(runDir, { recursive: true });
  const path = join(runDir, 'trainer.lock');
  const own = JSON.stringify(currentProcess());
  const giveUp = Date.now() + patienceMs;
  for (;;) {
    if (await create(path, own)) return () => rm(path, { force: true });
    const content = await readFile(path, 'utf8').catch(() => '');
    const holder = content === '' ? undefined : parseHolder(content);
    if (content !== '' && !isAlive(holder)) await removeStale(path, content);
    else if (Date.now() > giveUp)
      throw new Error(
        `${path}: the cell is being written by process ${holder?.pid} on ${holder?.host}; end it first, or remove the file if there is no such process`,
      );
    else await sleep(pollMs);
  }
}

function currentProcess(): Holder {
  return { pid: process.pid, host: hostname(), startTime: startTimeOf(process.pid) };
}

/** Whole or not at all: the content is there when the name is. */
async function create(path: string, content: string): Promise<boolean> {
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, content);
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Between reading the lock and moving it away, another trainer may have replaced it: its lock is put back. */
async function removeStale(path: string, stale: string): Promise<void> {
  const aside = `${path}.${process.pid}.stale`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== stale) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
}

function parseHolder(content: string): Holder | undefined {
  try {
    return JSON.parse(content) as Holder;
  } catch {
    return undefined;
  }
}

/** A holder on another host can't be asked and counts as alive; a lock that can't be read has no holder. */
function isAlive(holder: Holder | undefined): boolean {
  if (holder === undefined) return false;
  if (holder.host !== hostname()) return true;
  if (holder.pid === process.pid) return holder.startTime === startTimeOf(process.pid);
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return holder.startTime === startTimeOf(holder.pid);
}

/** Field 22 of /proc/PID/stat (clock ticks since boot); null where there is no /proc. */
function startTimeOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
