import type { RangeTest } from '../../../trainer/contract/range-test.js';
import { plotLine } from '../../text/plot.js';
import { lossBounds } from './bounds.js';

const height = 12;
const axisWidth = 8;

/** The test for a terminal of so many columns. */
export function rangeLines(
  { points, suggestion, diverged, seconds, engine }: RangeTest,
  width: number,
): string[] {
  const { low, high } = lossBounds(points);
  const plotWidth = Math.max(20, Math.min(width, 100) - axisWidth - 2);
  const exponents = points.map(({ learningRate }) => Math.log10(learningRate));
  const [first, last] = [exponents[0]!, exponents.at(-1)!];
  const across = (exponent: number) => (exponent - first) / (last - first);
  const plot = plotLine(
    points.map(({ smoothed }, i) => ({
      x: across(exponents[i]!),
      y: Math.min(1, Math.max(0, (smoothed - low) / (high - low))),
    })),
    plotWidth,
    height,
  );
  const labels = plot.map((_, row) =>
    row % 3 === 0 || row === height - 1 ? high - ((high - low) * row) / (height - 1) : null,
  );
  return [
    ...plot.map((line, row) => `${(labels[row]?.toFixed(3) ?? '').padStart(axisWidth)} │${line}`),
    `${' '.repeat(axisWidth)} └${ruler(
      plotWidth,
      [suggestion.tenthOfMinimum, suggestion.steepest].map(rate =>
        rate === null ? null : across(Math.log10(rate)),
      ),
    )}`,
    `${' '.repeat(axisWidth)}  ${powers(first, last, plotWidth)}`,
    '',
    ...suggestionLines(suggestion),
    `${points.length} steps in ${seconds.toFixed(1)} s on ${engine.name}${diverged ? ', until the loss diverged' : ''}`,
  ];
}

/** The axis with ▲ where rates are suggested. */
function ruler(width: number, shares: readonly (number | null)[]): string {
  const line = new Array<string>(width).fill('─');
  for (const share of shares) if (share !== null) line[Math.round(share * (width - 1))] = '▲';
  return line.join('');
}

/** Powers of ten below the axis. */
function powers(first: number, last: number, width: number): string {
  const line = new Array<string>(width).fill(' ');
  for (let power = Math.ceil(first - 1e-9); power <= last + 1e-9; power++) {
    const label = `1e${power}`;
    const at = Math.min(width - label.length, Math.round(((power - first) / (last - first)) * (width - 1)));
    [...label].forEach((character, i) => {
      line[at + i] = character;
    });
  }
  return line.join('').trimEnd();
}

function suggestionLines({ steepest, tenthOfMinimum }: RangeTest['suggestion']): string[] {
  if (steepest === null || tenthOfMinimum === null)
    return ['the loss did not fall at any rate: more steps, or another model or optimizer'];
  return [
    `steepest descent  ${steepest.toPrecision(2)}`,
    `minimum / 10      ${tenthOfMinimum.toPrecision(2)}`,
  ];
}
