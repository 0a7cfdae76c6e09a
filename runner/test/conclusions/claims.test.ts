import { expect, test } from 'vitest';
import { claimsOf, verifyClaims } from '../../conclusions/claims.js';
import type { Claim } from '../../statistics/claim.js';
import { openStore } from '../../store/open-store.js';
import { cells, grid, resultsFolder } from '../store/fixtures.js';

const claim: Claim = {
  id: 'effects/optimizer/adamw>sgd',
  kind: 'pairedEffect',
  text: 'adamw beats sgd in 11 of 12 pairs',
  verdict: 'holds',
  estimate: 0.021,
  interval: [0.009, 0.033],
  p: 0.002,
  adjustedP: 0.006,
  n: 12,
  unit: 'pairs',
  cells: ['a', 'b'],
  command: 'grid effects g',
};
const differences = (now: Partial<Claim> | null) =>
  verifyClaims([claim], now === null ? [] : [{ ...claim, ...now }]).map(({ kind }) => kind);

test('what is said as before is no difference, nor is another machine’s last digit', () => {
  expect(differences({})).toEqual([]);
  expect(differences({ estimate: 0.021 + 1e-12, p: 0.002 - 1e-12 })).toEqual([]);
});

test('a claim that has gone, that no longer holds or is turned round, and one of other numbers', () => {
  expect(differences(null)).toEqual(['gone']);
  expect(differences({ verdict: 'undecided' })).toEqual(['overturned']);
  expect(differences({ estimate: -0.021 })).toEqual(['overturned']);
  expect(differences({ estimate: 0.022 })).toEqual(['changed']);
  expect(differences({ interval: null })).toEqual(['changed']);
  expect(differences({ text: 'adamw beats sgd in 12 of 12 pairs' })).toEqual(['changed']);
  expect(differences({ cells: ['a'] })).toEqual(['changed']);
});

test('a difference that isn’t told apart from chance may change its sign', () => {
  const undecided = { ...claim, verdict: 'undecided' as const };
  const kinds = verifyClaims([undecided], [{ ...undecided, estimate: -0.021 }]).map(({ kind }) => kind);
  expect(kinds).toEqual(['changed']);
});

test('what is claimed now and wasn’t before is no difference', () => {
  expect(verifyClaims([], [claim])).toEqual([]);
});

test('of a grid with nothing done nothing is claimed', async () => {
  const store = await openStore(resultsFolder());
  store.registerGrid(grid, cells(5));
  expect(claimsOf(store, grid.name)).toEqual([]);
  expect(claimsOf(store, grid.name, [{ ...claim, id: 'nonsense' }])).toEqual([]);
  store.close();
});
