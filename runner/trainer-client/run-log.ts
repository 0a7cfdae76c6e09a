import { closeSync, openSync, writeSync } from 'node:fs';
import { wantOfMemory } from '../../trainer/contract/machine-conditions.js';

/** How much of a trainer's last words goes into the message of a crash. */
const tailLength = 2000;

/** A stack trace may stand between what a program died of and its end. */
const searchedLength = 16_000;

/** What TensorFlow prints while it loads, whatever its log level: information, never why a trainer died. */
const greeting = /^(WARNING: All log messages before absl::InitializeLog|I\d{4} )/;

/**
 * The log file of a cell while a run of it goes on: appended to, unbuffered, so that it is complete after any crash and a
 * chatty trainer waits for the disk instead of filling this process's memory.
 */
export class RunLog {
  #descriptor: number | undefined;
  #tail = '';
  /** Within a line. */
  #within = false;
  /** Why the log can't be written (a full disk, …); the run goes on without it. */
  problem: string | undefined;

  constructor(path: string, header: string) {
    try {
      this.#descriptor = openSync(path, 'a');
    } catch (error) {
      this.#giveUp(error);
    }
    this.#append(`${header}\n`);
  }

  write(chunk: Buffer | string): void {
    this.#tail = (this.#tail + chunk.toString()).slice(-searchedLength);
    this.#append(chunk);
  }

  /** A line of the runner's own, with the time; no part of the trainer's last words. */
  note(words: string): void {
    this.#append(`${this.#within ? '\n' : ''}${new Date().toISOString()} ${words}\n`);
  }

  /** The last lines that the trainer wrote, trimmed; empty without any. */
  get lastWords(): string {
    const lines = this.#tail.slice(-tailLength).trim().split('\n');
    return (
      lines
        .filter(line => !greeting.test(line))
        // As a terminal shows it: a progress bar writes over itself.
        .map(line => line.trimEnd().split('\r').at(-1)!)
        .slice(-8)
        .join('\n')
    );
  }

  /** The last line that says that memory ran out, among all that the trainer wrote shortly before its end; undefined: none. */
  get wantOfMemory(): string | undefined {
    return this.#tail
      .split('\n')
      .findLast(line => wantOfMemory.test(line))
      ?.trim();
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #append(chunk: Buffer | string): void {
    if (this.#descriptor === undefined) return;
    if (chunk.length > 0) this.#within = chunk.at(-1) !== '\n' && chunk.at(-1) !== 10;
    try {
      writeSync(this.#descriptor, chunk as string);
    } catch (error) {
      this.close();
      this.#giveUp(error);
    }
  }

  #giveUp(error: unknown): void {
    this.problem = `the log can't be written: ${(error as Error).message}`;
  }
}
