/** What is to be said of weights that a model begins with. */
import type { Match } from './match-weights.js';

/** Of skipped tensors so many are named. */
const listed = 8;

/** Everything that `strict` doesn't allow; empty: every tensor fits. */
export function exceptionsOf({ skipped, resized, partial }: Match): string {
  return [...told('skipped', skipped), ...told('interpolated', resized), ...told('in part', partial)].join(
    '; ',
  );
}

/** Why these weights can't be begun with, or undefined. `file`: its name. */
export function adoptionProblem(match: Match, file: string, strict: boolean): string | undefined {
  if (match.problem !== undefined) return `${file} ${match.problem}`;
  const exceptions = exceptionsOf(match);
  if (match.taken.length === 0)
    return `no tensor of ${file} has the name and shape of one of the model: ${exceptions}`;
  if (strict && exceptions !== '') return `${file}: ${exceptions}; init.strict allows none`;
  return undefined;
}

function told(what: string, tensors: readonly string[]): string[] {
  if (tensors.length === 0) return [];
  const more = tensors.length > listed ? `, … and ${tensors.length - listed} more` : '';
  return [`${what} ${tensors.slice(0, listed).join(', ')}${more}`];
}
