import { expect, test } from 'vitest';
import { knowing, newsOf } from '../../notify/news.js';
import { digest } from './fixtures.js';

const best = (value: number, cellId = 'c1') => ({ cellId, labels: { model: 'r' }, value, epoch: 3 });
const failed = (cell: string, attempts = 1) => ({
  ...{ cell, labels: {}, failure: 'crash' as const, message: 'boom', attempts },
});
const slot = (slotId: string, state: 'idle' | 'benched' | 'drained', reason: string | null = null) => ({
  ...{ slotId, state, reason, isBusy: false },
});
const kinds = (...[before, now]: Parameters<typeof newsOf>) =>
  newsOf(before, now).news.map(({ kind }) => kind);

test('what is there at first is no news, and nothing is told twice', () => {
  const now = digest({ best: best(0.5), failed: [failed('a')], slots: [slot('s', 'benched')], freeBytes: 5 });
  expect(newsOf(knowing(now), now)).toEqual({ news: [], told: knowing(now) });
  const later = digest({ best: best(0.6), failed: [failed('a'), failed('b')], freeBytes: 5 });
  const { news, told } = newsOf(knowing(now), later);
  expect(news.map(({ kind }) => kind)).toEqual(['cellFailed', 'newBest']);
  expect(newsOf(told, later).news).toEqual([]);
});

test('a new best says by how much, in the direction of the objective, once its cell is over', () => {
  const before = knowing(digest({ best: best(0.5) }));
  const [news] = newsOf(before, digest({ best: best(0.75, 'c2') })).news;
  expect(news).toMatchObject({ kind: 'newBest', cell: 'c2', value: 0.75, gain: 0.25 });
  const running = { cell: 'c2', labels: {}, slot: 's', epoch: 1, epochs: 2, now: 0.75, best: 0.75 };
  const during = newsOf(before, digest({ best: best(0.75, 'c2'), running: [running] }));
  expect(during.news).toEqual([]);
  expect(kinds(during.told, digest({ best: best(0.75, 'c2') }))).toEqual(['newBest']);
  const objective = { metric: 'validationLoss', direction: 'minimize' as const };
  const byLoss = knowing(digest({ objective, best: best(0.5) }));
  expect(kinds(byLoss, digest({ objective, best: best(0.6) }))).toEqual([]);
  expect(newsOf(byLoss, digest({ objective, best: best(0.25) })).news[0]).toMatchObject({ gain: 0.25 });
});

test('a cell that fails again is told again; many at once are one message', () => {
  const before = knowing(digest({ failed: [failed('a')] }));
  expect(kinds(before, digest({ failed: [failed('a', 2)] }))).toEqual(['cellFailed']);
  const many = ['b', 'c', 'd', 'e'].map(cell => failed(cell));
  expect(newsOf(before, digest({ failed: [failed('a'), ...many] })).news).toEqual([
    { kind: 'cellsFailed', count: 4, classes: { crash: 4 } },
  ]);
});

test('slots: benched, gone; those that the user drained, and those of a new runner, are not lost', () => {
  const before = knowing(digest({ slots: [slot('a', 'idle'), slot('b', 'idle'), slot('c', 'idle')] }));
  const slots = [slot('b', 'benched', 'cells failed'), slot('c', 'drained')];
  expect(newsOf(before, digest({ slots })).news).toEqual([
    { kind: 'slotLost', slotId: 'a', reason: null },
    { kind: 'slotBenched', slotId: 'b', reason: 'cells failed' },
  ]);
  const runner = { ...digest().runner!, startedMs: 2 };
  expect(kinds(before, digest({ slots, runner }))).toEqual([]);
});

test('a disk is told of once it is nearly full, and again only after there was room', () => {
  const giga = 1024 ** 3;
  let told = knowing(digest({ freeBytes: 10 * giga }));
  const look = (freeBytes: number) => {
    const result = newsOf(told, digest({ freeBytes }));
    told = result.told;
    return result.news.map(({ kind }) => kind);
  };
  expect([look(giga), look(2.5 * giga), look(giga), look(5 * giga), look(giga)]).toEqual([
    ...[['diskNearlyFull'], [], [], []],
    ['diskNearlyFull'],
  ]);
});

test('the end is told once: finished, stopped with cells left, or silent', () => {
  const before = knowing(digest());
  const ended = { ...digest().runner!, isAlive: false, endedMs: 5 };
  const { counts } = digest();
  const finished = newsOf(before, digest({ runner: ended, counts: { ...counts, completed: 2, failed: 1 } }));
  expect(finished.news).toEqual([{ kind: 'gridFinished' }]);
  expect(kinds(finished.told, digest({ runner: ended }))).toEqual([]);
  expect(newsOf(before, digest({ runner: ended, counts: { ...counts, queued: 2 } })).news).toEqual([
    { kind: 'gridStopped', left: 2 },
  ]);
  expect(kinds(before, digest({ runner: { ...ended, endedMs: null } }))).toEqual(['runnerSilent']);
  // The next runner's end is news again.
  expect(kinds(finished.told, digest({ runner: { ...ended, startedMs: 9 } }))).toEqual(['gridFinished']);
});
