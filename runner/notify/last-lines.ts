import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

const mostBytes = 8192;
const mostCharacters = 200;

/** The last lines of a text file, without what would steer a terminal; none if it can't be read. */
export function lastLines(file: string, count: number): string[] {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return [];
  }
  try {
    const { size } = fstatSync(descriptor);
    const bytes = Buffer.alloc(Math.min(size, mostBytes));
    const read = readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
    const lines = stripVTControlCharacters(bytes.toString('utf8', 0, read)).split(/\r?\n/);
    // The first one may have lost its beginning.
    const whole = size > mostBytes ? lines.slice(1) : lines;
    return whole
      .filter(line => line.trim() !== '')
      .slice(-count)
      .map(line => line.slice(0, mostCharacters));
  } finally {
    closeSync(descriptor);
  }
}
