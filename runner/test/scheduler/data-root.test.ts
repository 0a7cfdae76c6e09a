import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadSlotsFile, openSlots } from '../../slots/slots-file.js';
import { startScheduler } from '../fixtures/scheduling.js';

const context = { engine: null, environment: process.env };
const slotsFile = (data: string) => {
  const file = join(mkdtempSync(join(tmpdir(), 'gridfarm-slots-')), 'slots.yaml');
  writeFileSync(file, `slots:\n  - backend: local\n    cpus: 1\n    data: ${data}\n`);
  return file;
};

it.each([
  ['~/data/birds', join(homedir(), 'data/birds')],
  ['/mnt/birds ü', '/mnt/birds ü'],
])('a slots file names the folder %s', async (data, root) => {
  const entries = await loadSlotsFile(slotsFile(data));
  const [slot] = (await openSlots(entries, context)).all;
  expect(slot!.dataRoot).toBe(root);
  expect(entries[0]!.backend.dataRoot(entries[0]!.settings)).toBe(root);
});

it.each(['birds', '../birds', '~other/birds', '""', '7'])(
  'a slots file that says data: %s is refused there',
  async data => {
    await expect(loadSlotsFile(slotsFile(data))).rejects.toThrow(/slots\.yaml:4:11.*data/s);
  },
);

it('a run has the data where its slot has them', async () => {
  const trainer = {
    command: [
      process.execPath,
      '-e',
      'console.log(JSON.parse(fs.readFileSync(process.env.GRID_SPEC)).data.root)',
    ],
    persistent: false,
  };
  const elsewhere = await startScheduler([{ trainer }], { data: '/of/the/slot' });
  await elsewhere.run();
  const { log } = elsewhere.paths.cell('cell0');
  expect(readFileSync(log, 'utf8')).toMatch(/^\/of\/the\/slot$/m);
  const grids = await startScheduler([{ trainer }]);
  await grids.run();
  expect(readFileSync(grids.paths.cell('cell0').log, 'utf8')).not.toContain('/of/the/slot');
});
