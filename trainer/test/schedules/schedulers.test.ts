import { describe, expect, it } from 'vitest';
import { type SchedulerName, schedulers } from '../../contract/params.js';
import type { Schema } from '../../contract/schema.js';
import { createSchedule } from '../../schedules/registry.js';
import type { RunMoment, Schedule } from '../../schedules/schedule.js';
import { goldenFile } from '../golden-file.js';

interface TorchArguments {
  [name: string]: number | string | number[] | { [name: string]: number | string }[];
}
const golden = goldenFile<{
  /** Of all runs: [value, how often in a row]. */
  cases: {
    scheduler: string;
    base_lr: number;
    args: TorchArguments;
    lrs: [number, number][];
    momenta?: [number, number][];
  }[];
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
  const defaults = Object.entries<Schema>(schedulers[name]).map(([key, schema]) => [key, schema.default]);
  return { name, ...Object.fromEntries(defaults), ...parameters };
}

/** PyTorch's schedulers by our names, and their arguments whose names differ in more than the case. */
const names: Record<string, SchedulerName> = {
  StepLR: 'step',
  MultiStepLR: 'multiStep',
  ExponentialLR: 'exponential',
  CosineAnnealingLR: 'cosine',
  CosineAnnealingWarmRestarts: 'cosineWarmRestarts',
  PolynomialLR: 'polynomial',
  ConstantLR: 'constant',
  LinearLR: 'linear',
  OneCycleLR: 'oneCycle',
};
const renamed: Record<string, string> = {
  T_max: 'tMax',
  T_0: 't0',
  T_mult: 'tMult',
  eta_min: 'minLearningRate',
};
const camelCase = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function fromTorch(scheduler: string, args: TorchArguments): ReturnType<typeof component> {
  if (scheduler === 'SequentialLR') {
    const [warmUp, inner] = args.schedulers as { [name: string]: number | string }[];
    return {
      ...fromTorch(inner!.scheduler as string, inner as TorchArguments),
      warmupEpochs: warmUp!.total_iters,
      warmupStartFactor: warmUp!.start_factor,
    };
  }
  const name = names[scheduler]!;
  const given = Object.entries(args).map(([key, value]) => [renamed[key] ?? camelCase(key), value]);
  // `maxLr` is the optimizer's learning rate here, `totalSteps` the length of the run.
  const known = given.filter(([key]) => Object.hasOwn(schedulers[name], key as string));
  return component(name, Object.fromEntries(known));
}

const flat = (runs: readonly [number, number][]) =>
  runs.flatMap(([value, count]) => Array<number>(count).fill(value));
const relative = (actual: number, expected: number) => Math.abs(actual - expected) / Math.abs(expected || 1);

/** The learning rate in an epoch, whose first step it is. */
const at = (schedule: Schedule, moment: Pick<RunMoment, 'base' | 'epoch' | 'epochs' | 'history'>) =>
  schedule({ ...moment, step: 0, stepsPerEpoch: 1 }).learningRate;

describe('schedules of PyTorch', () => {
  it.each(golden.cases.map(entry => [`${entry.scheduler} ${JSON.stringify(entry.args)}`, entry] as const))(
    '%s',
    (_, { scheduler, args, base_lr: base, lrs, momenta }) => {
      const settings = fromTorch(scheduler, args);
      const expected = flat(lrs);
      const expectedMomenta = momenta && flat(momenta);
      // 60 epochs of 5 steps, or 12 epochs of 5 steps with a change at each.
      for (const interval of ['epoch', 'step']) {
        const isStep = interval === 'step';
        if (isStep && scheduler === 'SequentialLR') settings.warmupEpochs = 1;
        const schedule = createSchedule({ ...settings, interval });
        const epochs = isStep ? expected.length / 5 : expected.length;
        expected.forEach((value, tick) => {
          const epoch = isStep ? Math.floor(tick / 5) : tick;
          const step = isStep ? tick : 5 * tick + 3;
          const rates = schedule({ epoch, step, epochs, stepsPerEpoch: 5, base, history: [] });
          const { learningRate, momentum } = rates;
          expect(
            relative(learningRate, value),
            `${interval} ${tick}: ${learningRate}, not ${value}`,
          ).toBeLessThan(1e-9);
          if (expectedMomenta) expect(momentum).toBeCloseTo(expectedMomenta[tick]!, 10);
          else expect(momentum).toBeUndefined();
        });
      }
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
      const expected = flat(lrs);
      expect(expected).toHaveLength(history.length + 1);
      expected.forEach((value, epoch) => {
        const actual = at(schedule, { base, epoch, epochs: 60, history: history.slice(0, epoch) });
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
    const rate = (epoch: number) => at(schedule, { base: 1, epoch, epochs: 10, history: [] });
    expect(rate(0)).toBeCloseTo(1 / 3, 12);
    expect(rate(2)).toBe(1);
    expect(rate(6)).toBeCloseTo(0.5, 12);
    expect(rate(10)).toBeCloseTo(0, 12);
  });

  it('one cycle that peaks at once begins at the peak', () => {
    const schedule = createSchedule(component('oneCycle', { interval: 'epoch', pctStart: 0.1 }));
    const rate = (epoch: number) => at(schedule, { base: 1, epoch, epochs: 10, history: [] });
    expect(rate(0)).toBe(1);
    expect(rate(9)).toBeCloseTo(1 / 25e4, 12);
  });

  it('a plateau does not look at epochs of the warm-up', () => {
    const schedule = createSchedule(component('plateau', { patience: 1, warmupEpochs: 2 }));
    const history = [record(1, 0.1), record(2, 0.1), record(3, 5), record(4, 5)];
    expect(at(schedule, { base: 1, epoch: 4, epochs: 9, history })).toBe(1);
    expect(at(schedule, { base: 1, epoch: 5, epochs: 9, history: [...history, record(5, 5)] })).toBeCloseTo(
      0.1,
    );
  });

  it('NaN counts as a bad epoch', () => {
    const schedule = createSchedule(component('plateau', { patience: 0 }));
    const rate = (...losses: (number | null)[]) =>
      at(schedule, {
        base: 1,
        epoch: losses.length,
        epochs: 9,
        history: losses.map((loss, i) => record(i + 1, loss)),
      });
    expect(rate(null)).toBeCloseTo(0.1);
    expect(rate(null, 2)).toBeCloseTo(0.1);
    expect(rate(2, null)).toBeCloseTo(0.1);
  });

  it('an unknown name says what there is', () => {
    expect(() => createSchedule({ name: 'cosin' })).toThrow(
      /constant, plateau, cosine, .*, oneCycle, got cosin/,
    );
  });
});
