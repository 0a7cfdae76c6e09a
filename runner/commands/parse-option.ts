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
