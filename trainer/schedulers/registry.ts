/** Every schedule by the name that a grid gives it. */
import type { SchedulerName } from '../contract/params.js';
import type { Component } from '../contract/run-spec.js';
import { constant } from './constant.js';
import { cosine } from './cosine.js';
import { plateau } from './plateau.js';
import type { Schedule } from './schedule.js';
import { step } from './step.js';
import { withWarmUp } from './warm-up.js';

const schedules = {
  constant: () => constant,
  plateau,
  cosine,
  step,
} satisfies Record<SchedulerName, (parameters: never) => Schedule>;

/** Builds the schedule of a RunSpec (whose parameters the grid has checked). Throws on an unknown name. */
export function createSchedule(component: Component): Schedule {
  if (!Object.hasOwn(schedules, component.name))
    throw new Error(
      `scheduler.name: expected one of ${Object.keys(schedules).join(', ')}, got ${component.name}`,
    );
  const factory = schedules[component.name as SchedulerName] as (parameters: Component) => Schedule;
  return withWarmUp(component as unknown as Parameters<typeof withWarmUp>[0], factory(component));
}
