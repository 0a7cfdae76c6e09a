import type { Objective } from '../domain/metric.js';
import type { Standing } from '../domain/stored.js';
import { seedAxis } from './gather.js';
import { mean, standardDeviation } from './statistics.js';

interface LabelEffect {
  label: string;
  /** Of the objective at the best epochs of the completed cells that have this label. */
  mean: number;
  std: number | null;
  n: number;
}

export interface AxisEffect {
  axis: string;
  /** Best first. */
  labels: LabelEffect[];
}

/** Main effect of each axis but the seed, over completed cells: what its labels do on average over everything else. */
export function mainEffects(standings: readonly Standing[], { direction }: Objective): AxisEffect[] {
  const values = new Map<string, Map<string, number[]>>();
  for (const standing of standings) {
    if (standing.state !== 'completed') continue;
    for (const [axis, label] of Object.entries(standing.labels)) {
      if (axis === seedAxis) continue;
      const ofAxis = values.get(axis) ?? new Map<string, number[]>();
      const ofLabel = ofAxis.get(label) ?? [];
      for (const value of standing.values) ofLabel.push(value);
      ofAxis.set(label, ofLabel);
      values.set(axis, ofAxis);
    }
  }
  const sign = direction === 'maximize' ? -1 : 1;
  return [...values].map(([axis, ofAxis]) => ({
    axis,
    labels: [...ofAxis]
      .filter(([, ofLabel]) => ofLabel.length > 0)
      .map(([label, ofLabel]) => ({
        label,
        mean: mean(ofLabel),
        std: standardDeviation(ofLabel),
        n: ofLabel.length,
      }))
      .sort((a, b) => sign * (a.mean - b.mean)),
  }));
}
