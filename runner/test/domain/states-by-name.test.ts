/** What a state means is asked of `run-state.ts`; whoever decides by a state's name would be wrong about the next one. */
import { readFileSync } from 'node:fs';
import { globSync } from 'tinyglobby';
import { expect, test } from 'vitest';
import { namesOfPlanStates, planStates } from '../../domain/plan.js';
import * as domain from '../../domain/run-state.js';
import { cellEnds, countWhere, endAs } from '../../domain/scheduler-event.js';

const names = domain.runStates.join('|');
/** A comparison, a case, or a list in SQL; values that are written and words that are shown are none. */
const decisions = new RegExp(
  [
    `[=!]==\\s*'(?:${names})'`,
    `'(?:${names})'\\s*[=!]==`,
    `\\bcase '(?:${names})'`,
    `\\[(?:\\s*'(?:${names})',?)+\\s*\\]\\.includes`,
    `\\bstate\\s*(?:=|<>|!=|(?:NOT )?IN \\()\\s*'(?:${names})'`,
  ].join('|'),
  'g',
);
const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
const decisionsIn = (text: string) => withoutComments(text).match(decisions) ?? [];

/** Who may, how often, and why. */
const allowed: Record<string, [count: number, why: string]> = {
  'runner/agents/server/coordinator.ts': [1, 'how a trainer’s process ended'],
  'runner/main.ts': [1, 'how an output was lost'],
  'runner/planning/probe.ts': [2, 'how a trainer’s process ended'],
  'runner/planning/plan.ts': [1, 'a plan’s own state'],
  'runner/scheduler/run-cell.ts': [3, 'what a trainer’s event is'],
  'runner/scheduler/run-end.ts': [3, 'how a trainer’s process ended'],
  'runner/store/sqlite/run-totals.ts': [3, 'which number of the progress it is'],
  'runner/store/sqlite/schema.ts': [4, 'the schema as it was at a version'],
  'runner/store/sqlite/standings.ts': [2, 'a failure has its class beside it'],
  'runner/store/sqlite/cell-state.ts': [1, 'what is written for a cell that is queued again'],
  'runner/store/sqlite/run-rows.ts': [3, 'what is written of a run that was held back'],
  'runner/terminal/plain-log.ts': [2, 'which number of the log it is'],
  'runner/terminal/plan-table.ts': [5, 'the words for it'],
};

test('nobody decides by a state’s name', () => {
  const files = globSync('runner/**/*.ts', {
    ignore: ['runner/{test,bench}/**', 'runner/trainer-client/**', 'runner/domain/run-state.ts'],
  });
  expect(files.length).toBeGreaterThan(200);
  const found = files.flatMap(file => {
    const names = decisionsIn(readFileSync(file, 'utf8'));
    return names.length === (allowed[file]?.[0] ?? 0)
      ? []
      : [`${file}: ${names.join(', ') || 'none any more'}`];
  });
  expect(found, 'ask runner/domain/run-state.ts, or say above why it is no rule').toEqual([]);
});

test.each([
  [`if (cell.state === 'failed') x();`, 1],
  [`if ('paused' !== state) x();`, 1],
  [`switch (state) { case 'stopped': }`, 1],
  [`['queued', 'running'].includes(state)`, 1],
  ["`WHERE r.state IN ('running', 'failed')`", 1],
  ["`WHERE state = 'queued'`", 1],
  [`finish({ state: 'failed' }); // state === 'failed'`, 0],
  [`/* state === 'failed' */`, 0],
] as const)('a decision by name is seen: %j', (text, count) => {
  expect(decisionsIn(text.replace(/ \/\/.*/, ''))).toHaveLength(count);
});

const like = (is: (state: domain.RunState) => boolean) => domain.runStates.filter(is);

test('the predicates tell the states apart', () => {
  const { hasFailed, isWhole, isShort, waitsForUser, isCutOff, endsByItself } = domain;
  expect(like(hasFailed)).toEqual(['failed']);
  expect(like(isWhole)).toEqual(['completed']);
  expect(like(isShort)).toEqual(['stopped']);
  expect(like(waitsForUser)).toEqual(['paused']);
  expect(like(isCutOff)).toEqual(['interrupted']);
  expect(like(endsByItself)).toEqual(['completed', 'failed']);
  expect([...domain.tellingFirst].sort()).toEqual([...domain.runStates].sort());
});

test('plan and run say of a state what the table says', () => {
  for (const state of domain.runStates.filter(state => state !== 'queued')) {
    const { starts, goesOn } = planStates[state];
    expect([state, starts === 'byItself']).toEqual([state, domain.stateTable[state].startsByItself]);
    expect([state, starts === 'onRetry']).toEqual([state, domain.hasFailed(state)]);
    expect([state, starts === 'onResume']).toEqual([state, domain.waitsForUser(state)]);
    if (goesOn) expect([state, domain.stateTable[state].resumable]).toEqual([state, true]);
  }
  expect(namesOfPlanStates).toHaveLength(domain.runStates.length + 1);
  // Stopped by the user, and by the rule of its grid.
  expect([...new Set(Object.values(cellEnds))].sort()).toEqual(
    domain.runStates.filter(state => state !== 'running').sort(),
  );
  expect([endAs('stopped'), endAs('paused'), endAs('failed')]).toEqual(['cancelled', 'paused', 'failed']);
  const ends = { completed: 1, failed: 2, interrupted: 4, paused: 8, cancelled: 16, notRun: 32 };
  expect(countWhere(ends, domain.hasFailed)).toBe(2);
  expect(countWhere(ends, state => domain.stateTable[state].countsAsLeft)).toBe(2 + 4 + 8 + 32);
  expect(countWhere({ notRun: 3 }, state => domain.stateTable[state].done)).toBe(0);
});
