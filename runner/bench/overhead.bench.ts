/**
 * Overhead a cell: empty cells through the real scheduler, slots, pipes, agents and store, on one slot of each kind, in turns. Which of
 * them as arguments; without, all that there can be here. With `GRID_BENCH_PYTHON` naming a Python that has them, Optuna
 * (SQLite) and Ray Tune do the same.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cell } from '../domain/cell.js';
import { defaultRetryPolicy } from '../domain/retry-policy.js';
import { Scheduler } from '../scheduler/scheduler.js';
import type { SlotSet } from '../slots/slot-set.js';
import { openStore } from '../store/open-store.js';
import { ResultsPaths } from '../store/run-paths.js';
import { fixtureCommand, fixtureSpec } from '../test/fixtures/run-spec.js';
import { type OpenPlace, places } from './fixtures/places.js';

const repeats = 5;
/** Of a repeat: as many cells as take about so long. */
const repeatMs = 5000;

/** Milliseconds a cell. */
async function overheadOf(slots: SlotSet, cellCount: number): Promise<number> {
  const results = mkdtempSync(join(tmpdir(), 'grid-bench-'));
  const trainer = { command: fixtureCommand('empty-trainer'), persistent: true };
  const cells: Cell[] = Array.from({ length: cellCount }, (_, index) => ({
    cellId: index.toString(16).padStart(16, '0'),
    index,
    labels: { seed: `${index}` },
    spec: fixtureSpec({ seed: index, epochs: 1, trainer }),
  }));
  const store = await openStore(results);
  const { objective } = cells[0]!.spec;
  store.registerGrid({ name: 'bench', description: '', file: '', objective, hash: '' }, cells);
  const scheduler = new Scheduler({
    slots,
    store,
    paths: new ResultsPaths(results),
    gridFolder: results,
    retry: defaultRetryPolicy,
    timeoutSeconds: null,
    waitSeconds: 0,
    inputs: null,
    observe() {},
  });
  const begun = performance.now();
  const { completed } = await scheduler.run(
    cells.map(cell => ({ cell, fromEpoch: 0, anew: false, engine: null })),
  );
  const elapsed = performance.now() - begun;
  if (completed !== cellCount) throw new Error(`only ${completed} of ${cellCount} cells were completed`);
  store.close();
  rmSync(results, { recursive: true });
  return elapsed / cellCount;
}

const pythonPrograms = {
  'Optuna, SQLite, 100 trials': `
import optuna, os, sys, tempfile, time
optuna.logging.set_verbosity(optuna.logging.ERROR)
path = os.path.join(tempfile.mkdtemp(), "study.db")
study = optuna.create_study(storage="sqlite:///" + path)
begun = time.perf_counter()
study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=100)
print((time.perf_counter() - begun) / 100 * 1000)`,
  'Ray Tune, 30 trials, 1 at a time': `
import os, time, ray
from ray import tune
ray.init(num_cpus=1, logging_level="ERROR", log_to_driver=False)
tuner = tune.Tuner(lambda config: {"x": 1}, param_space={"seed": tune.grid_search(list(range(30)))}, run_config=tune.RunConfig(verbose=0))
begun = time.perf_counter()
tuner.fit()
print((time.perf_counter() - begun) / 30 * 1000)`,
};

function python(program: string): number | string {
  const command = process.env.GRID_BENCH_PYTHON;
  if (command === undefined) return 'set GRID_BENCH_PYTHON';
  try {
    const output = execFileSync(command, ['-c', program], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return Number(output.trim().split('\n').at(-1));
  } catch {
    return 'not installed there';
  }
}

const row = (name: string, value: number | string) =>
  console.log(`${name.padEnd(40)} ${typeof value === 'number' ? `${value.toFixed(2)} ms a cell` : value}`);

const names = process.argv.slice(2);
const chosen = places.filter(({ name }) => names.length === 0 || names.some(each => name.includes(each)));
const open = new Map<string, { place: OpenPlace; cellCount: number; times: number[] }>();
for (const { name, missing, open: opened } of chosen) {
  if (missing !== undefined) continue;
  const place = await opened();
  // The first cells bring the trainer up.
  await overheadOf(place.slots, 5);
  const first = await overheadOf(place.slots, 10);
  open.set(name, {
    place,
    cellCount: Math.min(1000, Math.max(10, Math.round(repeatMs / first))),
    times: [],
  });
}
for (let repeat = 0; repeat < repeats; repeat++)
  for (const { place, cellCount, times } of open.values())
    times.push(await overheadOf(place.slots, cellCount));
console.log(
  `${cpus()[0]?.model} × ${cpus().length}, load ${loadavg()[0]!.toFixed(1)}, Node ${process.version}, one slot, ${repeats} repeats in turns: median and range`,
);
for (const { name, missing } of chosen) {
  const { times = [], cellCount } = open.get(name) ?? {};
  times.sort((a, b) => a - b);
  const spread = `${times[0]?.toFixed(1)}–${times.at(-1)?.toFixed(1)}; n = ${repeats} × ${cellCount}`;
  if (missing === undefined) row(`${name} (${spread})`, times[repeats >> 1]!);
  else row(name, `skipped: ${missing}`);
}
for (const { place } of open.values()) await place.close();
for (const [name, program] of Object.entries(pythonPrograms)) row(name, python(program));
