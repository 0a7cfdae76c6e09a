import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { GridfarmError } from '../domain/error.js';

/**
 * Makes the folder that an option names, before anything is computed for it.
 *
 * @throws GridfarmError `environment` for one that can't be made
 */
export function outputFolder(option: string, folder: string): string {
  const path = resolve(folder);
  writing(option, () => mkdirSync(path, { recursive: true }));
  return path;
}

/** Writes where the option says. @throws GridfarmError `environment` for what the system says */
export function writing<T>(option: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw new GridfarmError('environment', `${option}: ${(error as Error).message}`, { cause: error });
  }
}
