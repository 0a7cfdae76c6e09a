/** Reads and checks the `stopping` block of a grid. */
import { withDefaults } from '../../../trainer/contract/schema.js';
import type { Dimension, Match } from '../../domain/grid.js';
import type { NodePath } from '../../domain/problem.js';
import type { LabelMatch, Rung, Stopping } from '../../domain/stopping.js';
import { parseMatch } from '../axes/match.js';
import { checkValue, describeValue } from '../yaml/check-value.js';
import { suggestion } from '../yaml/nearest.js';
import type { Reporter } from '../yaml/reporter.js';
import { fractionPattern, stoppingSchema } from './stopping-schema.js';

/** The block as it is after the schema has passed it. */
type Block = Omit<Stopping, 'rule' | 'rungs' | 'keep' | 'never'> & {
  rule: Stopping['rule'] | 'none';
  rungs: readonly (string | number)[];
  keep: string | number;
  never: readonly unknown[];
};

/** Null: no cell is stopped. What is wrong is reported, whatever the rule. */
export function readStopping(
  raw: unknown,
  dimensions: readonly Dimension[],
  report: Reporter,
  at: NodePath = ['stopping'],
): Stopping | null {
  if (raw === undefined || raw === null || !checkValue(stoppingSchema, raw, at, report, 'stopping'))
    return null;
  const { rule, rungs, keep, never, ...block } = withDefaults(stoppingSchema, raw) as Block;
  const read = rungs.map((rung, index) => readRung(rung, [...at, 'rungs', index], report));
  checkOrder(read, at, report);
  const share = shareOf(keep);
  if (share >= 1) report.add([...at, 'keep'], `must be below 1, got ${keep}; rule: none stops no cell`);
  checkWithin(block.within, dimensions, at, report);
  const matches = never.map((entry, index) => parseMatch(entry, [...at, 'never', index], dimensions, report));
  if (rule === 'none') return null;
  return {
    ...block,
    rule,
    rungs: read.filter(rung => rung !== undefined),
    keep: share,
    never: matches.filter(match => match !== null).map(match => labelsOf(match, dimensions)),
  };
}

function readRung(rung: string | number, at: NodePath, report: Reporter): Rung | undefined {
  const [part, of] = typeof rung === 'string' ? fractionOf(rung) : [rung, 1];
  if (of === 1 && Number.isInteger(part) && typeof rung === 'number') return { epoch: part };
  if (part / of < 1) return { part, of };
  report.add(
    at,
    `must be a share of the epochs below 1, such as 1/9 or 0.3, or a whole number of epochs, got ${rung}`,
  );
  return undefined;
}

const fractionOf = (text: string): [number, number] => {
  const [, part, of] = fractionPattern.exec(text)!;
  return [Number(part), Number(of)];
};

function shareOf(share: string | number): number {
  if (typeof share === 'number') return share;
  const [part, of] = fractionOf(share);
  return part / of;
}

/** Shares and epochs can only be told apart once a cell's epochs are known; those of one kind ascend. */
function checkOrder(rungs: readonly (Rung | undefined)[], at: NodePath, report: Reporter): void {
  for (const [index, rung] of rungs.entries()) {
    const before = rungs[index - 1];
    if (rung === undefined || before === undefined) continue;
    const [here, there] =
      'epoch' in rung && 'epoch' in before
        ? [rung.epoch, before.epoch]
        : 'part' in rung && 'part' in before
          ? [rung.part / rung.of, before.part / before.of]
          : [1, 0];
    if (here <= there) report.add([...at, 'rungs', index], 'must be later than the rung before it');
  }
}

/** Labels of an axis are unique, and axes of one dimension advance together: one of them tells its row. */
const labelsOf = ({ rows }: Match, dimensions: readonly Dimension[]): LabelMatch =>
  Object.fromEntries(
    [...rows].map(([dimension, met]) => {
      const { path, values } = dimensions[dimension]!.axes[0]!;
      return [path, [...met].map(row => values[row]!.label)];
    }),
  );

function checkWithin(
  within: readonly string[],
  dimensions: readonly Dimension[],
  at: NodePath,
  report: Reporter,
): void {
  const axes = dimensions.flatMap(dimension => dimension.axes.map(({ path }) => path));
  for (const [index, name] of within.entries()) {
    const node = [...at, 'within', index];
    if (name === 'seed')
      report.add(node, 'seed can’t keep a share of its own: seeds of a configuration are judged together');
    else if (!axes.includes(name))
      report.add(node, `${describeValue(name)} is no axis${suggestion(name, axes, 'axes')}`);
    else if (within.indexOf(name) < index) report.add(node, 'is named twice');
  }
}
