import type { DataGuess, DataReport } from '../../../trainer/contract/data-report.js';
import { plain } from '../../text/names.js';
import { factsOf } from './facts.js';

type Guess = Exclude<DataGuess, { refusal: string }>;

/** The report for a terminal. `!` marks what makes results worthless. */
export function summaryLines(
  { name, report, guess }: { name: string; report: DataReport; guess?: Guess },
  page: string,
): string[] {
  const facts = factsOf(report);
  const width = Math.max(...facts.map(fact => fact.name.length));
  return [
    ...(guess === undefined ? [] : guessLines(guess)),
    plain(name),
    ...facts.map(
      ({ name, value, isAlarming }) => `${isAlarming ? '!' : ' '} ${name.padEnd(width)}  ${value}`,
    ),
    ...report.inspection.problems.map(
      ({ severity, key, message }) => `! ${severity}: data.${key}: ${plain(message)}`,
    ),
    `→ ${page}`,
  ];
}

/** What was guessed, why, and how a grid file says it. */
function guessLines(guess: Guess): string[] {
  const { name: _, root: __, ...data } = guess.data;
  return [
    ...guess.evidence.map(why => `guessed: ${plain(why)}`),
    `guessed: data: ${plain(JSON.stringify(data))}`,
  ];
}
