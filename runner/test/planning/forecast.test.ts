import { expect, it } from 'vitest';
import { forecast } from '../../planning/forecast.js';
import { plan } from '../../planning/plan.js';
import type { OpenSlot } from '../../slots/backend.js';
import { forecastLines } from '../../terminal/forecast-lines.js';
import { base, cellsOf } from '../grid/grid-fixture.js';

const slot = (slotId: string) => ({ slotId, device: 'a GPU' }) as OpenSlot;
const slots = [slot('local/a'), slot('local/b')];
const cells = cellsOf(`${base}train: {epochs: 10}\naxes: {model: [resnet20, resnet18], seed: [0, 1, 2]}\n`);
const planned = plan(cells, [], undefined);

it('says what each slot would run, until when and for how much, and names what it doesn’t know', () => {
  const times = [{ spec: cells[0]!.spec, seconds: 360 }];
  const { slots: shares, unknown } = forecast(planned, times, slots, ({ slotId }) =>
    slotId === 'local/a' ? 3 : 0,
  );
  expect(shares).toEqual([
    { slotId: 'local/a', device: 'a GPU', cells: 2, seconds: 7200, cost: 6 },
    { slotId: 'local/b', device: 'a GPU', cells: 1, seconds: 3600, cost: 0 },
  ]);
  expect(unknown).toEqual(cells.slice(3).map(({ cellId }) => cellId));
  const text = forecastLines({ slots: shares, unknown }, undefined).join('\n');
  expect(text).toContain('In all: 6.00');
  expect(text).toContain(`Not known, and in none of this: ${cells[3]!.cellId.slice(0, 8)}, `);
});

it('of nothing known it says only that', () => {
  const { slots: shares, unknown } = forecast(planned, [], slots, () => 1);
  expect(shares.map(({ cells, cost }) => [cells, cost])).toEqual([
    [0, 0],
    [0, 0],
  ]);
  expect(forecastLines({ slots: shares, unknown }, undefined)).toHaveLength(1);
});
