import { describe, expect, it } from 'vitest';
import { type SchedulerName, schedulers } from '../../contract/params.js';
import { createSchedule } from '../../schedulers/registry.js';
import { goldenFile } from '../golden-file.js';

interface TorchArguments {
  [name: string]: number | string | number[] | { [name: string]: number | string }[];
}
const golden = goldenFile<{
  cases: { scheduler: string; base_lr: number; args: TorchArguments; lrs: number[] }[];
  plateau_metrics: Record<'min' | 'max', Record<string, number[]>>;
  plateau_cases: {
    base_lr: number;
    metrics: string;
    args: { mode: 'min' | 'max' } & Record<string, number | string>;
    /** [value, how often in a row] */
    lrs: [number, number][];
  }[];
}>('schedulers.json');

/** A component with all defaults of its table. */
function component(name: SchedulerName, parameters: object) {
  const defaults = Object.entries(schedulers[name]).map(([key, schema]) => [key, schema.default]);
  return { name, ...Object.fromEntries(defaults), ...parameters };
}

function fromTorch(scheduler: string, args: TorchArguments): ReturnType<typeof component> {
  switch (scheduler) {
    case 'StepLR':
      return component('step', { stepSize: args.step_size, gamma: args.gamma });
    case 'CosineAnnealingLR':
      return component('cosine', { tMax: args.T_max, minLearningRate: args.eta_min });
    default: {
      const [warmUp, inner] = args.schedulers as { [name: string]: number | string }[];
      return {
        ...fromTorch(inner!.scheduler as string, inner as TorchArguments),
        warmupEpochs: warmUp!.total_iters,
        warmupStartFactor: warmUp!.start_factor,
      };
    }
  }
}

const relative = (actual: number, expected: number) => Math.abs(actual - expected) / Math.abs(expected || 1);

describe('schedules of PyTorch', () => {
  it.each(golden.cases.map(entry => [`${entry.scheduler} ${JSON.stringify(entry.args)}`, entry] as const))(
    '%s',
    (_, { scheduler, args, base_lr: base, lrs }) => {
      const schedule = createSchedule(fromTorch(scheduler, args));
      lrs.forEach((expected, epoch) => {
        const actual = schedule({ base, epoch, epochs: lrs.length, history: [] });
        expect(relative(actual, expected), `epoch ${epoch}: ${actual}, not ${expected}`).toBeLessThan(1e-9);
      });
    },
  );

  it.each(golden.plateau_cases.map((entry, index) => [index, entry] as const))(
    'ReduceLROnPlateau, case %i',
    (_, { base_lr: base, metrics, args, lrs }) => {
      const metric = args.mode === 'min' ? 'validationLoss' : 'validationAccuracy';
      const schedule = createSchedule(
        component('plateau', {
          metric,
          factor: args.factor,
          patience: args.patience,
          threshold: args.threshold,
          thresholdMode: args.threshold_mode,
          cooldown: args.cooldown,
          minLearningRate: args.min_lr,
          epsilon: args.eps,
        }),
      );
      const history = golden.plateau_metrics[args.mode][metrics]!.map((value, index) => ({
        epoch: index + 1,
        step: index + 1,
        metrics: { [metric]: value },
      }));
      const expected = lrs.flatMap(([value, count]) => Array<number>(count).fill(value));
      expect(expected).toHaveLength(history.length + 1);
      expected.forEach((value, epoch) => {
        const actual = schedule({ base, epoch, epochs: 60, history: history.slice(0, epoch) });
        expect(relative(actual, value), `epoch ${epoch}: ${actual}, not ${value}`).toBeLessThan(1e-9);
      });
    },
  );
});

describe('what PyTorch leaves open', () => {
  const record = (epoch: number, validationLoss: number | null) => ({
    epoch,
    step: epoch,
    metrics: { validationLoss },
  });

  it('a cosine without tMax ends with the last epoch, after the warm-up', () => {
    const schedule = createSchedule(component('cosine', { warmupEpochs: 2 }));
    const at = (epoch: number) => schedule({ base: 1, epoch, epochs: 10, history: [] });
    expect(at(0)).toBeCloseTo(1 / 3, 12);
    expect(at(2)).toBe(1);
    expect(at(6)).toBeCloseTo(0.5, 12);
    expect(at(10)).toBeCloseTo(0, 12);
  });

  it('a plateau does not look at epochs of the warm-up', () => {
    const schedule = createSchedule(component('plateau', { patience: 1, warmupEpochs: 2 }));
    const history = [record(1, 0.1), record(2, 0.1), record(3, 5), record(4, 5)];
    expect(schedule({ base: 1, epoch: 4, epochs: 9, history })).toBe(1);
    expect(schedule({ base: 1, epoch: 5, epochs: 9, history: [...history, record(5, 5)] })).toBeCloseTo(0.1);
  });

  it('NaN counts as a bad epoch', () => {
    const schedule = createSchedule(component('plateau', { patience: 0 }));
    const at = (...losses: (number | null)[]) =>
      schedule({
        base: 1,
        epoch: losses.length,
        epochs: 9,
        history: losses.map((loss, i) => record(i + 1, loss)),
      });
    expect(at(null)).toBeCloseTo(0.1);
    expect(at(null, 2)).toBeCloseTo(0.1);
    expect(at(2, null)).toBeCloseTo(0.1);
  });

  it('an unknown name says what there is', () => {
    expect(() => createSchedule({ name: 'cosin' })).toThrow(/constant, plateau, cosine, step, got cosin/);
  });
});
