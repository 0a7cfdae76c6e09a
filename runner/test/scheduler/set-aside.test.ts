import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startScheduler } from '../fixtures/scheduling.js';

async function withOldWeights(cells: Parameters<typeof startScheduler>[0]) {
  const started = await startScheduler(cells);
  const folders = cells.map((_, index) => started.paths.cell(`cell${index}`));
  for (const { checkpoints, bestWeights, evaluation } of folders) {
    mkdirSync(checkpoints, { recursive: true });
    writeFileSync(bestWeights, 'took hours');
    writeFileSync(evaluation, '{}');
  }
  return { ...started, folders };
}

it('sets aside what a cell that begins anew was trained to, once, and says where', async () => {
  const started = await withOldWeights([{ anew: true, params: { misbehave: 'exit', misbehaveUntil: 1 } }]);
  expect(await started.run()).toMatchObject({ completed: 1 });
  const { root } = started.folders[0]!;
  const times = readdirSync(join(root, 'set-aside'));
  expect(times).toHaveLength(1);
  const aside = join(root, 'set-aside', times[0]!);
  expect(readFileSync(join(aside, 'best.safetensors'), 'utf8')).toBe('took hours');
  const warnings = started.events.flatMap(event =>
    event.type === 'trainer' && event.event.type === 'warning' ? [event.event.message] : [],
  );
  expect(warnings).toEqual([expect.stringContaining(aside)]);
});

it('leaves cells alone that did not come to run, and those that go on', async () => {
  const started = await withOldWeights([{ params: { epochMs: 30 }, epochs: 20 }, { anew: true }]);
  started.onEvent(event => {
    if (event.type === 'trainer' && event.event.type === 'epoch') started.scheduler.drain();
  });
  expect(await started.run()).toMatchObject({ interrupted: 1, notRun: 1 });
  for (const { bestWeights } of started.folders) expect(readFileSync(bestWeights, 'utf8')).toBe('took hours');
});
