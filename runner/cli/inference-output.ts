/** What `predict` and `embed` say and check alike. */
import { UsageError } from '../domain/error.js';
import type { CommandContext } from './context.js';

/** Says on a terminal's stderr how far it is; elsewhere nothing. */
export function progressLine({ stderr }: CommandContext): (done: number, total: number) => void {
  if (!stderr.isTTY) return () => {};
  return (done, total) => stderr.write(`\r${done} of ${total} images${done === total ? '\n' : ''}`);
}

/** An extension that a matrix can be written under. */
export function checkExtension(option: string, path: string): void {
  if (!/\.(csv|npy|safetensors)$/i.test(path))
    throw new UsageError(`${option} ${path}: expected a name that ends in .csv, .npy or .safetensors`);
}
