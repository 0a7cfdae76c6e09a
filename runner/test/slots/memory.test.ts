import { expect, it } from 'vitest';
import type { TrainerEvent } from '../../../trainer/contract/events.js';
import type { LocalEntry } from '../../slots/local/backend.js';
import { gpuMegabytes } from '../../slots/local/gpu-memory.js';
import { startOn } from '../../slots/submission.js';
import { fixtureSpec, persistentTrainer } from '../fixtures/run-spec.js';
import { openLocal, slotRun } from '../fixtures/slot-run.js';
import { withGpus } from '../fixtures/stand-in-nvidia.js';

/** A program that holds so much in itself and in a process that it starts, then reports an epoch. */
const holder = (megabytes: number, childMegabytes: number, last = '') => ({
  command: [
    process.execPath,
    '-e',
    `const { spawn } = require('node:child_process');
     const hold = n => 'globalThis.held = Buffer.alloc(' + n + 'e6, 1)';
     eval(hold(${megabytes}));
     const child = spawn(process.execPath, ['-e', hold(${childMegabytes}) + '; console.log(1); setInterval(() => {}, 1000)'], { stdio: ['ignore', 'pipe', 'ignore'] });
     child.stdout.once('data', () => {
       for (const epoch of [1, 2]) console.log(JSON.stringify({ type: 'epoch', epoch, metrics: { validationAccuracy: 0.5 } }));
       ${last}
       setTimeout(() => { child.kill('SIGKILL'); process.exit(0); }, 3000);
     });`,
  ],
  persistent: false,
});

async function memoryOf(
  spec: Parameters<typeof fixtureSpec>[0],
  entry: LocalEntry,
  environment = process.env,
) {
  const [slot] = await openLocal(entry, { engine: null, environment });
  const handle = startOn(slot!, slotRun(fixtureSpec(spec)));
  const told: Extract<TrainerEvent, { type: 'memory' }>[] = [];
  for await (const event of handle.events) if (event.type === 'memory') told.push(event);
  const exit = await handle.exit;
  await slot!.close();
  return { told, exit };
}

it('tells what a run’s processes hold together after its first steps', async () => {
  const { told } = await memoryOf({ trainer: holder(300, 200) }, { cpus: 1 });
  expect(told[0]).toMatchObject({ type: 'memory', gpuMegabytes: null });
  expect(told[0]!.megabytes).toBeGreaterThan(500);
  expect(told[0]!.megabytes).toBeLessThan(800);
});

it('tells of what was given back before anybody looked, in one process', async () => {
  const spec = { trainer: persistentTrainer, epochs: 3, params: { misbehave: 'bulge', epochMs: 300 } };
  const { told } = await memoryOf(spec, { cpus: 1 });
  expect(told.at(-1)!.megabytes).toBeGreaterThan(400);
});

const gpu = { uuid: 'GPU-aa', name: 'NVIDIA H100', total: 81_559 };

it('tells what it holds of its GPU, in a container too', async () => {
  const environment = withGpus([{ ...gpu, used: 3000 }]);
  const { told } = await memoryOf({ trainer: holder(10, 10) }, { gpus: 'all' }, environment);
  expect(told[0]!.gpuMegabytes).toBe(3145);
});

it('does not take for a run’s need what TensorFlow takes of a GPU beforehand', async () => {
  const spec = { trainer: persistentTrainer, params: { epochMs: 300 } };
  const environment = withGpus([{ ...gpu, used: 81_000 }]);
  expect((await memoryOf(spec, { gpus: 'all' }, environment)).told[0]!.gpuMegabytes).toBeNull();
  const shared = await memoryOf(spec, { gpus: 'all', share: 2 }, withGpus([{ ...gpu, used: 2000 }]));
  expect(shared.told[0]!.gpuMegabytes).toBe(2097);
});

it('counts the processes of a run alone where the driver names them', async () => {
  const environment = withGpus([
    { ...gpu, used: 9000, processes: { 7: 1000, 8: 500, 9: 7000 } },
    { ...gpu, uuid: 'GPU-bb', processes: { 7: 100 } },
  ]);
  expect(await gpuMegabytes('GPU-aa', [7, 8], environment)).toBe(1048 + 524);
  expect(await gpuMegabytes('GPU-bb', [7, 8], environment)).toBe(104);
  // Others are on it, and which is the run's can't be told.
  expect(await gpuMegabytes('GPU-aa', [1], environment)).toBeUndefined();
  expect(await gpuMegabytes('GPU-cc', [1], environment)).toBeUndefined();
});

it.each([
  [
    'Python',
    `process.stderr.write('torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB\\n'); process.exit(1)`,
  ],
  [
    'C++',
    `process.stderr.write("terminate called after throwing an instance of 'std::bad_alloc'\\n"); process.abort()`,
  ],
  [
    'XLA',
    `process.stderr.write('jaxlib.XlaRuntimeError: RESOURCE_EXHAUSTED: Out of memory while trying to allocate\\n'); process.exit(1)`,
  ],
  [
    'the limit of its heap',
    `process.stderr.write('FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\\n'); process.abort()`,
  ],
])('knows that a program has run out of memory by the words of %s', async (_, last) => {
  const { exit } = await memoryOf({ trainer: holder(1, 1, last) }, { cpus: 1 });
  expect(exit).toMatchObject({ outcome: 'failed', failure: { class: 'outOfMemory' } });
});

it('knows a program that runs out of the memory that a limit leaves it', async () => {
  const eats = `const held = []; for (;;) held.push(Buffer.alloc(50e6, 1))`;
  // Node keeps many times what it uses for itself.
  const command = ['sh', '-c', `ulimit -v 1500000; exec "$0" -e '${eats}'`, process.execPath];
  const { exit } = await memoryOf({ trainer: { command, persistent: false } }, { cpus: 1 });
  expect(exit).toMatchObject({ outcome: 'failed', failure: { class: 'outOfMemory' } });
});
