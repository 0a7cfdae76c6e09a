import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SlotBackend } from '../../../slots/backend.js';
import { checkEntries } from '../../../slots/check-entries.js';
import { defaultSlotEntries } from '../../../slots/slots-file.js';
import { startGrid, workFolder } from '../../fixtures/cli.js';

it('tries every entry of a slots file, and says what one lacks', async () => {
  const folder = workFolder();
  writeFileSync(
    join(folder, 'slots.yaml'),
    'slots:\n  - { backend: local, gpus: [97] }\n  - { backend: local, cpus: 2 }\n  - { backend: agents }\n',
  );
  const { all, exitCode } = await startGrid(folder, ['doctor', '--slots', 'slots.yaml', '--engine', 'wasm']);
  expect(all).toContain('slots[0] (local): gpus: no GPU 97 here');
  expect(all).toMatch(/local\/cpu0 +1 CPU thread\n +local\/cpu1/);
  expect(all).toContain('slots[2] (agents): nothing is missing');
  expect(exitCode).toBe(1);
  const json = await startGrid(folder, ['doctor', '--slots', 'slots.yaml', '--engine', 'wasm', '--json']);
  const { slots, problems } = JSON.parse(json.stdout);
  expect(slots).toHaveLength(2);
  expect(problems).toEqual([expect.stringContaining('no GPU 97')]);
}, 120_000);

describe('an entry that is elsewhere', () => {
  it('is checked and not opened', async () => {
    const elsewhere: SlotBackend<{ host: string }> = {
      ...(defaultSlotEntries[0]!.backend as SlotBackend<never>),
      name: 'elsewhere',
      open: () => Promise.reject(new Error('it was opened')),
      check: async ({ host }, { WHO }) => [`${host} knows no ${WHO}`],
    };
    const entry = { backend: elsewhere as SlotBackend, settings: { host: 'h1' } };
    const context = { engine: null, environment: { WHO: 'alice' } };
    expect(await checkEntries([entry], context)).toEqual([
      { name: 'slots[0] (elsewhere)', slots: [], slotsJoin: false, problems: ['h1 knows no alice'] },
    ]);
  });
});
