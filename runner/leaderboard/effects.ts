import { compareValues, type Objective } from '../domain/metric.js';
import { stateTable } from '../domain/run-state.js';
import type { Standing } from '../domain/stored.js';
import { mean, standardDeviation } from '../statistics/moments.js';
import { basisOf, isCounted, total } from './basis.js';
import { seedAxis } from './gather.js';

interface LabelEffect {
  label: string;
  /** Of the objective at the best epochs of the cells with this label that are over and have a value; null: none has. */
  mean: number | null;
  std: number | null;
  n: number;
  /** Cells that are over without a value: diverged, failed for good. Each counts as the worst. */
  failed: number;
}

export interface AxisEffect {
  axis: string;
  /** Best first, by the leaderboard's rule: the share of failed cells, then the mean. */
  labels: LabelEffect[];
}

/** Main effect of each axis but the seed, over the cells that are over: what its labels do on average over everything else. */
export function mainEffects(standings: readonly Standing[], { direction }: Objective): AxisEffect[] {
  const groups = new Map<string, Map<string, Standing[]>>();
  for (const standing of standings) {
    if (!stateTable[standing.state].over) continue;
    for (const [axis, label] of Object.entries(standing.labels)) {
      if (axis === seedAxis) continue;
      const ofAxis = groups.get(axis) ?? new Map<string, Standing[]>();
      const ofLabel = ofAxis.get(label) ?? [];
      ofLabel.push(standing);
      ofAxis.set(label, ofLabel);
      groups.set(axis, ofAxis);
    }
  }
  return [...groups].map(([axis, ofAxis]) => ({
    axis,
    labels: [...ofAxis]
      .map(([label, group]) => effectOf(label, group))
      .filter(({ n, failed }) => n + failed > 0)
      .sort((a, b) => failedShare(a) - failedShare(b) || compareValues(a.mean, b.mean, direction)),
  }));
}

function effectOf(label: string, group: readonly Standing[]): LabelEffect {
  const values = group.filter(isCounted).flatMap(standing => standing.values);
  return {
    label,
    mean: values.length === 0 ? null : mean(values),
    std: standardDeviation(values),
    n: values.length,
    failed: total(basisOf(group).lost),
  };
}

const failedShare = ({ n, failed }: LabelEffect) => failed / (n + failed);
