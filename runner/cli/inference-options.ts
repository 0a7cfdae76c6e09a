/** Options that `predict` and `embed` share, and how both tell their progress. */
import { InvalidArgumentError } from 'commander';
import type { TestTimeAugmentation } from '../../trainer/contract/inference.js';
import { UsageError } from '../domain/error.js';
import type { CommandContext } from './context.js';

const mostCrops = 9;
/** A view must have more of the image than of its reflection. */
const mostShift = 8;
const mostVotes = 1000;

/** The image alone. */
export const noViews: TestTimeAugmentation = { flip: false, shift: 0, crops: 0 };

/** `flip`, `shift=1`, `crops=5`, or several with commas between. */
export function parseViews(text: string): TestTimeAugmentation {
  const views = { ...noViews };
  for (const part of text.split(',')) {
    const [, name, digits] = /^(shift|crops)=(\d+)$/.exec(part) ?? [];
    const number = Number(digits);
    if (part === 'flip') views.flip = true;
    else if (name === 'shift' && number >= 1 && number <= mostShift) views.shift = number;
    else if (name === 'crops' && number >= 1 && number <= mostCrops) views.crops = number;
    else
      throw new InvalidArgumentError(
        `--tta must be flip, shift=N (N from 1 to ${mostShift} pixels), crops=N (N from 1 to ${mostCrops}), or several with commas between, got ${JSON.stringify(text)}.`,
      );
  }
  return views;
}

/** `1,5,20` → these numbers. */
export function parseVotes(text: string): number[] {
  const votes = text.split(',').map(Number);
  if (!votes.every(k => Number.isInteger(k) && k >= 1 && k <= mostVotes))
    throw new InvalidArgumentError(
      `--k must be whole numbers from 1 to ${mostVotes} with commas between, got ${JSON.stringify(text)}.`,
    );
  return votes;
}

/** `Id,Category` → the names; `Id` and `Id,a=cat,b=dog` are for samples. */
export function parseColumns(text: string): string[] {
  const columns = text.split(',');
  if (columns.includes(''))
    throw new InvalidArgumentError(
      `--columns must be names with commas between, got ${JSON.stringify(text)}.`,
    );
  return columns;
}

/** Says on a terminal's stderr how far it is; elsewhere nothing. */
export function progressLine({ stderr }: CommandContext): (done: number, total: number) => void {
  if (!stderr.isTTY) return () => {};
  return (done, total) => stderr.write(`\r${done} of ${total} images${done === total ? '\n' : ''}`);
}

/** The first few of many. */
export function listSome(items: readonly string[]): string {
  const shown = 5;
  return items.slice(0, shown).join(', ') + (items.length > shown ? `, … ${items.length - shown} more` : '');
}

/** An extension that a matrix can be written under. */
export function checkExtension(option: string, path: string): void {
  if (!/\.(csv|npy|safetensors)$/i.test(path))
    throw new UsageError(`${option} ${path}: expected a name that ends in .csv, .npy or .safetensors`);
}
