/** Every schedule by the name that a grid gives it. */
import type { SchedulerName } from '../contract/params.js';
import type { Component } from '../contract/run-spec.js';
import { constant } from './constant.js';
import { cosine } from './cosine.js';
import { cosineWarmRestarts } from './cosine-warm-restarts.js';
import { exponential } from './exponential.js';
import { linear } from './linear.js';
import { multiStep } from './multi-step.js';
import { oneCycle } from './one-cycle.js';
import { plateau } from './plateau.js';
import { polynomial } from './polynomial.js';
import type { Curve, Curves, Schedule } from './schedule.js';
import { step } from './step.js';
import { withWarmUp } from './warm-up.js';

const schedules = {
  constant,
  plateau,
  cosine,
  cosineWarmRestarts,
  step,
  multiStep,
  exponential,
  polynomial,
  linear,
  oneCycle,
} satisfies Record<SchedulerName, (parameters: never) => Curves>;

/** Parameters of every schedule; `plateau` counts epochs and has no interval. */
interface Common {
  warmupEpochs: number;
  warmupStartFactor: number;
  interval?: 'epoch' | 'step';
}

/** Builds the schedule of a RunSpec (whose parameters the grid has checked). Throws on an unknown name. */
export function createSchedule(component: Component): Schedule {
  if (!Object.hasOwn(schedules, component.name))
    throw new Error(
      `scheduler.name: expected one of ${Object.keys(schedules).join(', ')}, got ${component.name}`,
    );
  const factory = schedules[component.name as SchedulerName] as unknown as (parameters: Component) => Curves;
  const curves = factory(component);
  const learningRate = typeof curves === 'function' ? curves : curves.learningRate;
  const momentum = typeof curves === 'function' ? undefined : curves.momentum;
  const { warmupEpochs, warmupStartFactor, interval } = component as unknown as Common;
  return ({ epoch, step, epochs, stepsPerEpoch, base, history }) => {
    const perEpoch = interval === 'step' ? stepsPerEpoch : 1;
    const tick = interval === 'step' ? step : epoch;
    const moment = { tick, ticks: epochs * perEpoch, base, history };
    const warmUp = { epochs: warmupEpochs, ticks: warmupEpochs * perEpoch, startFactor: warmupStartFactor };
    const at = (curve: Curve) => withWarmUp(curve, warmUp)(moment);
    const afterWarmUp = tick >= warmUp.ticks && momentum !== undefined;
    return { learningRate: at(learningRate), momentum: afterWarmUp ? at(momentum) : undefined };
  };
}
