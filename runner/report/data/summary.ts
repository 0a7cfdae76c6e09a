import type { DataReport } from '../../../trainer/contract/data-report.js';
import { plain } from '../../text/names.js';
import { factsOf } from './facts.js';

/** The report for a terminal. `!` marks what makes results worthless. */
export function summaryLines(name: string, report: DataReport, page: string): string[] {
  const facts = factsOf(report);
  const width = Math.max(...facts.map(fact => fact.name.length));
  return [
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
