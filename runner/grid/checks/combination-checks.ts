/** What is wrong with settings only together, and can be told without looking at the data. */
import { emaMetrics, metricsOf } from '../../../trainer/contract/events.js';
import { augmentationProblems } from '../../../trainer/contract/params.js';
import type { RunSpec } from '../../../trainer/contract/run-spec.js';
import type { Cell } from '../../domain/cell.js';
import type { Grid, Section } from '../../domain/grid.js';
import { distinctCells } from '../axes/distinct-cells.js';
import { settingNode } from '../settings/setting-node.js';
import { suggestion } from '../yaml/nearest.js';
import type { Reporter } from '../yaml/reporter.js';

interface Finding {
  /** Dotted settings path whose node is to blame. */
  path: string;
  message: string;
}

interface CombinationCheck {
  /** Sections that it looks at. */
  sections: readonly Section[];
  check(spec: RunSpec): Finding[];
}

const checks: readonly CombinationCheck[] = [
  {
    sections: ['optimizer'],
    check({ optimizer }) {
      // Muon has no dampening.
      const { nesterov, momentum, dampening = 0 } = optimizer;
      if (nesterov !== true || ((momentum as number) > 0 && dampening === 0)) return [];
      return [
        {
          path: 'optimizer.nesterov',
          message: `needs momentum > 0 and dampening 0, got momentum ${momentum} and dampening ${dampening}`,
        },
      ];
    },
  },
  {
    sections: ['scheduler', 'train'],
    check({ scheduler, train }) {
      const warmupEpochs = scheduler.warmupEpochs as number;
      if (!(warmupEpochs > 0 && warmupEpochs >= train.epochs)) return [];
      return [
        {
          path: 'scheduler.warmupEpochs',
          message: `must be < train.epochs (${train.epochs}), got ${warmupEpochs}`,
        },
      ];
    },
  },
  {
    sections: ['objective', 'train'],
    check({ objective: { metric }, train }) {
      const known = metricsOf(train);
      if (typeof metric !== 'string' || known.includes(metric)) return [];
      const isOfAverage = (emaMetrics as readonly string[]).includes(metric);
      const message = isOfAverage
        ? `${metric} needs train.ema, which is null`
        : `unknown metric "${metric}"${suggestion(metric, known, 'metrics')}`;
      return [{ path: 'objective.metric', message }];
    },
  },
  { sections: ['scheduler', 'optimizer'], check: checkCycledMomentum },
  { sections: ['augmentation', 'data'], check: checkAugmentation },
  { sections: ['data'], check: checkShortSide },
  { sections: ['augmentation', 'train'], check: checkRepeats },
];

/** Reports what is wrong, once for each distinct combination. An external trainer's settings are its own affair. */
export function checkCombinations(grid: Grid, cells: readonly Cell[], report: Reporter): void {
  const own = cells.filter(({ spec }) => spec.trainer === null);
  for (const { sections, check } of checks)
    for (const cell of distinctCells(own, sections))
      for (const { path, message } of check(cell.spec as RunSpec))
        report.add(settingNode(grid, cell, path), message);
}

/** As in PyTorch, a momentum that the optimizer doesn't have can't be cycled. */
function checkCycledMomentum({ scheduler, optimizer }: RunSpec): Finding[] {
  if (scheduler.name !== 'oneCycle' || scheduler.cycleMomentum !== true) return [];
  const { name, momentum, betas } = optimizer;
  const schedulesItsOwn = name === 'nadam';
  if ((typeof momentum === 'number' && momentum > 0) || (betas !== undefined && !schedulesItsOwn)) return [];
  const reason = schedulesItsOwn
    ? `${name}, whose momentum has a schedule of its own`
    : momentum === 0
      ? `${name} with momentum 0`
      : name;
  return [
    {
      path: 'scheduler.cycleMomentum',
      message: `needs an optimizer with a momentum or betas to cycle, got ${reason}; set cycleMomentum: false or another optimizer`,
    },
  ];
}

function checkAugmentation({ augmentation, data }: RunSpec): Finding[] {
  // The size of the images is known once the data have been looked at.
  const { channels, imageSize, shortSide = null } = data;
  const images = { channels, imageSize, shortSide };
  return augmentationProblems(augmentation, images).map(({ path, message }) => ({
    path: `augmentation.${path}`,
    message,
  }));
}

function checkShortSide({ data: { imageSize, shortSide = null } }: RunSpec): Finding[] {
  if (shortSide === null || (imageSize !== null && shortSide >= imageSize)) return [];
  const message =
    imageSize === null
      ? 'needs data.imageSize, the size of the crops'
      : `must be ≥ data.imageSize (${imageSize}), got ${shortSide}`;
  return [{ path: 'data.shortSide', message }];
}

function checkRepeats({ augmentation: { repeats }, train: { batchSize } }: RunSpec): Finding[] {
  if (repeats <= batchSize) return [];
  return [
    { path: 'augmentation.repeats', message: `must be ≤ train.batchSize (${batchSize}), got ${repeats}` },
  ];
}
