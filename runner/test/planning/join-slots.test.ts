import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gridSources } from '../../planning/grid-sources.js';
import { joinSlots } from '../../planning/join-slots.js';
import { checkGrid, planPrepared, readNamedGrid } from '../../planning/prepared-grid.js';
import { defaultSlotEntries, openSlots } from '../../slots/slots-file.js';
import { openStore } from '../../store/open-store.js';
import { ResultsPaths } from '../../store/run-paths.js';

const yaml = `
name: joined
data: { format: mnist, limit: { imagesPerClass: 4 } }
train: { epochs: 1, batchSize: 16 }
model: { name: resnet20, width: 4 }
optimizer: sgd
`;
const local = (settings: object) => ({ ...defaultSlotEntries[0]!, settings });

test('slots join that have the same data and the engine of the plan; those that it has stay as they are', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gridfarm-join-'));
  const file = join(folder, 'joined.yaml');
  writeFileSync(file, yaml);
  const paths = new ResultsPaths(join(folder, 'results'));
  const store = await openStore(paths.root);
  const place = {
    entries: [local({ cpus: 1 })],
    context: { engine: 'wasm' as const, environment: process.env },
    paths,
  };
  const named = await readNamedGrid(file, gridSources(paths, undefined), store, place);
  const slots = await openSlots(place.entries, place.context);
  const prepared = { ...named, ...(await checkGrid(named, place)), ...place, slots };
  const plan = await planPrepared(prepared, store, {});
  const namesOf = (open: readonly { slotId: string }[]) => open.map(({ slotId }) => slotId);

  expect(namesOf(await joinSlots(prepared, plan, [local({ cpus: 3 })]))).toEqual([
    'local/cpu1',
    'local/cpu2',
  ]);
  await expect(joinSlots(prepared, plan, [local({ cpus: 2 })])).rejects.toThrow(/in use already/);
  const emptyFolder = mkdtempSync(join(tmpdir(), 'gridfarm-no-data-'));
  await expect(joinSlots(prepared, plan, [local({ cpus: 4, data: emptyFolder })])).rejects.toThrow();
  const broken = local({ cpus: 5, environment: { NODE_OPTIONS: '--require /nowhere.js' } });
  await expect(joinSlots(prepared, plan, [broken])).rejects.toThrow();
  expect(namesOf(slots.all)).toEqual(['local/cpu0', 'local/cpu1', 'local/cpu2']);
  await slots.close();
  await expect(joinSlots(prepared, plan, [local({ cpus: 4 })])).rejects.toThrow(/the grid has ended/);
  store.close();
});
