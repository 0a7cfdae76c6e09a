/** The words of a grid's `stopping` block as options. */
import { UsageError } from '../domain/error.js';
import type { Dimension } from '../domain/grid.js';
import type { LabelMatch, Stopping } from '../domain/stopping.js';
import { readStopping } from '../grid/stopping/read-stopping.js';
import { suggestion } from '../grid/yaml/nearest.js';
import { Reporter } from '../grid/yaml/reporter.js';
import { parseSource } from '../grid/yaml/source.js';
import type { Options } from './options.js';

export type StoppingOptions = Options<
  'rungs' | 'keep' | 'after' | 'rungValue' | 'margin' | 'judgedSeeds' | 'within' | 'never' | 'diverged'
>;

/**
 * What isn't named is as the block has it by default.
 *
 * @param axes of the grid, with their labels
 * @throws UsageError with all that is wrong
 */
export function stoppingOf(
  { rungs, keep, after, value, margin, seeds, within, never, diverged }: StoppingOptions,
  axes: ReadonlyMap<string, ReadonlySet<string>>,
): Stopping {
  const words = {
    rungs: rungs && `[${rungs}]`,
    keep,
    after,
    value,
    margin,
    seeds,
    within: within && JSON.stringify(within.split(',')),
    diverged,
  };
  const given = Object.entries(words).flatMap(([word, text]) =>
    text === undefined ? [] : `${word}: ${text}`,
  );
  const { value: block, source } = parseSource('options', ['rule: halving', ...given].join('\n'));
  const report = new Reporter(source);
  const dimensions = [...axes.keys()].map(
    (path): Dimension => ({ axes: [{ path, values: [], at: [] }], size: 0, when: null }),
  );
  const stopping = readStopping(block, dimensions, report, []);
  const matches = (never ?? []).map(text => matchOf(text, axes));
  const wrong = report.problems.map(({ path, message }) => `--${path.replace(/[[.].*/, '')} ${message}`);
  if (stopping === null || wrong.length > 0) throw new UsageError(wrong.join('\n'));
  return { ...stopping, never: matches };
}

/** `optimizer=sgd,model=r18`: cells that have all of these labels. */
function matchOf(text: string, axes: ReadonlyMap<string, ReadonlySet<string>>): LabelMatch {
  const pairs = text.split(',').map((pair): [string, readonly string[]] => {
    const [axis = '', label] = pair.split(/=(.*)/s, 2);
    if (label === undefined)
      throw new UsageError(
        `--never must be AXIS=LABEL, or several with commas between, got ${JSON.stringify(text)}`,
      );
    const labels = axes.get(axis);
    if (labels === undefined)
      throw new UsageError(
        `--never: ${JSON.stringify(axis)} is no axis${suggestion(axis, [...axes.keys()], 'axes')}`,
      );
    if (!labels.has(label))
      throw new UsageError(
        `--never: ${JSON.stringify(label)} is no label of ${axis}${suggestion(label, [...labels], 'labels')}`,
      );
    return [axis, [label]];
  });
  return Object.fromEntries(pairs);
}
