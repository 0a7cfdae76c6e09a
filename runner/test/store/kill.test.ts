/** `kill -9` of a writer, with two readers beside it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { epochRecord } from '../../bench/fixtures/bench-grid.js';
import { openStore } from '../../store/open-store.js';
import { resultsFolder } from './fixtures.js';

const kills = 6;

const start = (script: string, folder: string): ChildProcess =>
  spawn(process.execPath, [fileURLToPath(new URL(`./processes/${script}.js`, import.meta.url)), folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });

/** Lets a writer store some epochs, kills it, and returns the last epoch of each cell that it said was stored. */
async function writeAndKill(folder: string, lines: number): Promise<number[]> {
  const writer = start('write-epochs', folder);
  const closed = once(writer, 'close');
  const said = [0, 0];
  let count = 0;
  for await (const line of createInterface({ input: writer.stdout! })) {
    const [index, epoch] = line.split(' ').map(Number) as [number, number];
    said[index] = epoch;
    if (++count === lines) writer.kill('SIGKILL');
  }
  await closed;
  return said;
}

test('nothing that was stored is lost, and readers see whole states only', async () => {
  const folder = resultsFolder();
  await writeAndKill(folder, 1);
  const readers = [start('read-snapshots', folder), start('read-snapshots', folder)];
  const outputs = readers.map(async reader => {
    let text = '';
    reader.stdout!.on('data', chunk => {
      text += chunk;
    });
    const [code] = await once(reader, 'close');
    return { code, reads: Number(text) };
  });
  for (let kill = 0; kill < kills; kill++) {
    const said = await writeAndKill(folder, 1 + Math.floor(Math.random() * 60));
    const store = await openStore(folder, { readOnly: true });
    const cells = store.storedCells('bench');
    for (const [index, cell] of cells.entries()) {
      expect(cell.state).toBe('interrupted');
      expect(cell.epochs).toBeGreaterThanOrEqual(said[index]!);
      expect(store.metricsOf(cell.cellId)).toEqual(
        Array.from({ length: cell.epochs }, (_, i) => epochRecord(index, i + 1)),
      );
    }
    store.close();
  }
  for (const reader of readers) reader.stdin!.end();
  for (const { code, reads } of await Promise.all(outputs)) {
    expect(code).toBe(0);
    expect(reads).toBeGreaterThan(kills);
  }
  const writer = await openStore(folder);
  expect(writer.runsOf(writer.storedCells('bench')[0]!.cellId).map(run => run.state)).toEqual(
    Array(kills + 1).fill('interrupted'),
  );
  writer.close();
});

test('a cell that a live process runs is not run by another', async () => {
  const folder = resultsFolder();
  const writer = start('write-epochs', folder);
  await once(writer.stdout!, 'data');
  const store = await openStore(folder);
  const [cell] = store.storedCells('bench');
  expect(cell).toMatchObject({ state: 'running', holder: expect.stringContaining(`pid ${writer.pid}`) });
  expect(() => store.startRun(cell!.cellId, 's')).toThrow(new RegExp(`run by process ${writer.pid} `));
  writer.kill('SIGKILL');
  await once(writer, 'close');
  expect(store.startRun(cell!.cellId, 's').attempt).toBe(2);
  store.close();
});
