import { expect, it } from 'vitest';
import type { TrainerEvent } from '../../../trainer/contract/events.js';
import { believe, classifyExit } from '../../trainer-client/classify-exit.js';
import { RunReport } from '../../trainer-client/run-report.js';
import { fixtureSpec } from '../fixtures/run-spec.js';

const epoch = (
  number: number,
  metrics: Record<string, number> = { validationAccuracy: 0.5 },
): TrainerEvent => ({
  type: 'epoch',
  cellId: 'cell',
  epoch: number,
  step: number,
  metrics,
});
const completed = (epochs?: number) => ({ type: 'completed', cellId: 'cell', epochs }) as TrainerEvent;

/** What becomes of a run of three promised epochs that ends well after these events. */
function end(
  events: TrainerEvent[],
  { drained = false, before = 0 }: { drained?: boolean; before?: number } = {},
) {
  const report = new RunReport(fixtureSpec({ epochs: 3 }), before);
  const taken = events.map(event => report.take(event));
  const exit = believe({ outcome: 'completed', weightsHash: null }, report, drained);
  return {
    outcome: exit.outcome,
    failure: exit.outcome === 'failed' ? exit.failure : undefined,
    epoch: 'epoch' in exit ? exit.epoch : undefined,
    warnings: report.warnings(),
    epochs: taken.map(event => (event.type === 'epoch' ? event.epoch : event.type)),
    report,
  };
}

it('believes a run that reported all that was promised', () => {
  expect(end([1, 2, 3].map(number => epoch(number)))).toMatchObject({ outcome: 'completed', warnings: [] });
});

it.each([
  [
    'nothing',
    [],
    /reported none of 3 epochs \(train.epochs\); expected a JSON line .*"validationAccuracy":0.5/,
  ],
  ['too little', [epoch(1), epoch(2)], /after epoch 2 of 3 epochs.*\{"type":"completed"\}/],
  [
    'other metrics',
    [1, 2, 3].map(n => epoch(n, { top1: 1, loss: 1 })),
    /metric validationAccuracy .*: top1, loss/,
  ],
  ['less than it says', [epoch(1), completed(3)], /says that 3 epochs are completed but reported 1/],
  ['no epoch, and that it has completed', [completed()], /reported none/],
])('takes a run that reported %s for failed, once and for all', (_, events, message) => {
  expect(end(events)).toMatchObject({
    outcome: 'failed',
    failure: { class: 'badConfiguration', message: expect.stringMatching(message) },
  });
});

it('believes a program that says that it stopped early', () => {
  for (const last of [completed(), completed(2)]) {
    const { outcome, warnings, report } = end([epoch(1), epoch(2), last]);
    expect({ outcome, warnings }).toEqual({ outcome: 'completed', warnings: [] });
    expect(report.earlyEnd).toBe('stopped early, as it says: after epoch 2 of 3');
  }
});

it('takes a drained program that saved and ended well for interrupted, unless it was done', () => {
  expect(end([epoch(1), epoch(2)], { drained: true })).toMatchObject({ outcome: 'interrupted', epoch: 2 });
  expect(end([epoch(1), completed()], { drained: true })).toMatchObject({ outcome: 'interrupted', epoch: 1 });
  expect(end([], { drained: true })).toMatchObject({ outcome: 'interrupted', epoch: 0 });
  expect(
    end(
      [1, 2, 3].map(n => epoch(n)),
      { drained: true },
    ).outcome,
  ).toBe('completed');
});

it.each([[1], [143], [130]])('takes exit code %i after a drain for interrupted', exitCode => {
  const outcome = {
    exitCode,
    signal: undefined,
    error: undefined,
    condition: undefined,
    cameUp: true,
    killed: false,
    wantsMemory: false,
    epoch: 2,
    lastWords: '',
    wantOfMemory: undefined,
  };
  expect(classifyExit({ ...outcome, drained: true, endsWithRun: true })).toEqual({
    outcome: 'interrupted',
    epoch: 2,
  });
});

it.each([
  [{ signal: 'SIGKILL' }, true, 'outOfMemory'],
  [{ exitCode: 137 }, true, 'outOfMemory'],
  [{ signal: 'SIGKILL' }, false, 'crash'],
  [{ exitCode: 137 }, false, 'crash'],
  [{ signal: 'SIGSEGV' }, true, 'crash'],
])('takes %o, with the kernel killing for memory: %s, for %s', (how, wantsMemory, failure) => {
  const outcome = {
    ...{ exitCode: undefined, signal: undefined, error: undefined, condition: undefined },
    ...{
      cameUp: true,
      killed: false,
      drained: false,
      endsWithRun: false,
      epoch: 2,
      lastWords: '',
      wantOfMemory: undefined,
    },
  };
  expect(classifyExit({ ...outcome, ...how, wantsMemory })).toMatchObject({ failure: { class: failure } });
});

it('counts the epochs of runs before', () => {
  expect(end([epoch(3)], { before: 2 })).toMatchObject({ outcome: 'completed', warnings: [] });
  expect(end([], { before: 3 }).outcome).toBe('completed');
  const anew: TrainerEvent = {
    ...{ type: 'started', cellId: 'cell', resumedFromEpoch: 0, history: [] },
    ...{ parameters: 0, trainImages: 0, validationImages: 0, classes: 0 },
  };
  expect(end([anew], { before: 3 }).outcome).toBe('failed');
});

it('numbers epochs from 1, and says what else was odd about them', () => {
  expect(end([0, 1, 2].map(n => epoch(n)))).toMatchObject({
    outcome: 'completed',
    epochs: [1, 2, 3],
    warnings: ['it counts its epochs from 0: they are taken as 1 to 3'],
  });
  expect(end([1, 2, 2, 3].map(n => epoch(n))).warnings).toEqual([
    'it reported epoch 2 more than once: of each metric the last value counts',
  ]);
  expect(end([1, 3, 2].map(n => epoch(n)))).toMatchObject({
    outcome: 'completed',
    warnings: ['it reported epochs out of order, such as 3 before 2'],
  });
  expect(end([1, 2, 3, 4, 5].map(n => epoch(n))).warnings).toEqual([
    'it reported 5 epochs, although train.epochs is 3; all of them are kept',
  ]);
  expect(end([3].map(n => epoch(n))).warnings).toEqual(['it never reported epochs 1, 2']);
  expect(end([1, 2, 1].map(n => epoch(n)))).toMatchObject({
    outcome: 'failed',
    warnings: ['it began anew after epoch 2: what it reported first is replaced'],
  });
});

it('says what was dropped, in numbers, with the first example', () => {
  const report = new RunReport(fixtureSpec({ epochs: 3 }), 0);
  for (const text of ['{"type":"ep', 'x'.repeat(500)]) report.drop({ problem: 'is no valid JSON', text });
  report.drop({ problem: 'is too long', text: '' });
  const words = '3 lines of its stdout dropped (2 is no valid JSON, 1 is too long), the first: {"type":"ep';
  expect(report.warnings()).toEqual([words]);
  expect(report.breach()).toContain(words);
});
