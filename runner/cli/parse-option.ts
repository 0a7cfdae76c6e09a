import type { TestTimeAugmentation } from '../../trainer/contract/inference.js';
import { UsageError } from '../domain/error.js';
import type { Shard } from '../domain/plan.js';

const wholeNumberFrom =
  (least: number) =>
  (name: string) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least)
      throw new UsageError(`${name} must be a whole number ≥ ${least}, got ${JSON.stringify(text)}.`);
    return value;
  };

/** For options that take a whole number from 0 on. */
export const wholeNumber = wholeNumberFrom(0);
/** The same from 1 on. */
export const positiveInteger = wholeNumberFrom(1);

/** For options that take a number above 0. */
export const positiveNumber =
  (name: string) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isFinite(value) || value <= 0)
      throw new UsageError(`${name} must be a number > 0, got ${JSON.stringify(text)}.`);
    return value;
  };

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
      throw new UsageError(
        `--tta must be flip, shift=N (N from 1 to ${mostShift} pixels), crops=N (N from 1 to ${mostCrops}), or several with commas between, got ${JSON.stringify(text)}.`,
      );
  }
  return views;
}

/** `1,5,20` → these numbers. */
export function parseVotes(text: string): number[] {
  const votes = text.split(',').map(Number);
  if (!votes.every(k => Number.isInteger(k) && k >= 1 && k <= mostVotes))
    throw new UsageError(
      `--k must be whole numbers from 1 to ${mostVotes} with commas between, got ${JSON.stringify(text)}.`,
    );
  return votes;
}

/** `Id,Category` → the names; `Id` and `Id,a=cat,b=dog` are for samples. */
export function parseColumns(text: string): string[] {
  const columns = text.split(',');
  if (columns.includes(''))
    throw new UsageError(`--columns must be names with commas between, got ${JSON.stringify(text)}.`);
  return columns;
}

/** A time of day, `HH:MM`, the next one; or a date with a time, `2026-01-31T08:00` (local, or with a zone). In ms since 1970. */
export function parseDeadline(text: string, now = new Date()): number {
  const time = /^(\d{1,2}):(\d{2})$/.exec(text);
  if (time !== null && Number(time[1]) < 24 && Number(time[2]) < 60) {
    const next = new Date(now);
    next.setHours(Number(time[1]), Number(time[2]), 0, 0);
    if (next <= now) next.setDate(next.getDate() + 1);
    return next.getTime();
  }
  const date = /^\d{4}-\d{2}-(\d{2})T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/.exec(text);
  const found = date === null ? Number.NaN : Date.parse(text);
  // A day that a month doesn't have is taken for one of the next month.
  const isDay = date !== null && (date[4] !== undefined || new Date(found).getDate() === Number(date[1]));
  if (isDay && found > now.getTime()) return found;
  throw new UsageError(
    `--deadline must be a time to come: HH:MM, or a date with a time such as 2026-01-31T08:00 or 2026-01-31T08:00Z; got ${JSON.stringify(text)}.`,
  );
}

const mostShards = 10_000;

/** `2/5`: the second of five. */
export function parseShard(text: string): Shard {
  const [, first, second] = /^(\d+)\/(\d+)$/.exec(text.trim()) ?? [];
  const [number, of] = [Number(first), Number(second)];
  if (!(number >= 1 && number <= of && of <= mostShards))
    throw new UsageError(
      `--shard must be K/N, the K-th of N parts (K from 1 to N, N up to ${mostShards}), such as 2/5; got ${JSON.stringify(text)}.`,
    );
  return { number, of };
}
