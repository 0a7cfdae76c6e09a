import { InvalidArgumentError } from 'commander';

/** For options that take a whole number from 1 on. */
export const positiveInteger =
  (name: string) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < 1)
      throw new InvalidArgumentError(`${name} must be a whole number ≥ 1, got ${JSON.stringify(text)}.`);
    return value;
  };

/** For options that take a number above 0. */
export const positiveNumber =
  (name: string) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isFinite(value) || value <= 0)
      throw new InvalidArgumentError(`${name} must be a number > 0, got ${JSON.stringify(text)}.`);
    return value;
  };

/** For an argument that is a whole number of either sign. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value))
    throw new InvalidArgumentError(`must be a whole number, got ${JSON.stringify(text)}.`);
  return value;
}
