/**
 * Overhead a cell: 1,000 empty cells through the real scheduler, slots, pipes and store, on one slot. With
 * `GRID_BENCH_PYTHON` naming a Python that has them, Optuna (SQLite) and Ray Tune do the same.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cell } from '../domain/cell.js';
import { defaultRetryPolicy } from '../domain/retry-policy.js';
import { Scheduler } from '../scheduler/scheduler.js';
import { defaultSlotEntries, openSlots } from '../slots/slots-file.js';
import { openStore } from '../store/open-store.js';
import { ResultsPaths } from '../store/run-paths.js';
import { fixtureCommand, fixtureSpec } from '../test/fixtures/run-spec.js';

const cellCount = 1000;
const repeats = 3;

/** Milliseconds a cell. */
async function gridfarm(): Promise<number> {
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
  const [local] = defaultSlotEntries;
  const slots = await openSlots([{ ...local!, settings: { cpus: 1 } }], {
    engine: null,
    environment: process.env,
  });
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
  await slots.close();
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

console.log(`${cpus()[0]?.model}, Node ${process.version}, one slot, n = ${repeats} × ${cellCount} cells`);
const times: number[] = [];
for (let repeat = 0; repeat < repeats; repeat++) times.push(await gridfarm());
times.sort((a, b) => a - b);
row(`gridfarm, median (${times.map(time => time.toFixed(2)).join(', ')})`, times[repeats >> 1]!);
for (const [name, program] of Object.entries(pythonPrograms)) row(name, python(program));
