/** Processes that are measured against each other: in turns, on one core, all loaded before the first turn. */
import { availableParallelism, cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Precision } from '../contract/run-spec.js';

export interface Competitor {
  name: string;
  /** Number format of products. */
  precision: Precision;
  command: string[];
  /** Beside that of this process. */
  environment?: Record<string, string>;
}
export interface Result {
  name: string;
  precision: Precision;
  /** Milliseconds of a step in each turn: the median of the turn's steps. */
  turns: number[];
  /** The same in CPU time, which other programs on the core disturb less. */
  cpuTurns: number[];
  peakMegabytes: number;
}

const compiled = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const source = (file: string) => fileURLToPath(new URL(`../../../trainer/bench/${file}`, import.meta.url));
const python = process.env.GRID_BENCH_PYTHON ?? 'python3';

export const engineCompetitor = (
  engine: string,
  task: string,
  precision: Precision = 'float32',
): Competitor => ({
  name: engine,
  precision,
  command: [process.execPath, compiled('./engine-worker.js'), engine, task, precision],
});
export const torchCompetitor = (
  kind: string,
  task: string,
  precision: 'float32' | 'bfloat16' = 'float32',
): Competitor => ({
  name: `PyTorch, ${kind}`,
  precision,
  command: [python, source('torch_worker.py'), kind, task, precision],
});

/** The same with TensorFlow's own kernels. */
export const withoutOneDnn = (competitor: Competitor): Competitor => ({
  ...competitor,
  name: `${competitor.name}, no oneDNN`,
  environment: { TF_ENABLE_ONEDNN_OPTS: '0' },
});

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Linux's way to keep a program on one core, here the last one. */
const pinned = process.platform === 'linux' ? ['taskset', '-c', String(availableParallelism() - 1)] : [];

interface Turn {
  milliseconds: number[];
  cpuMilliseconds: number[];
  peakMegabytes: number;
}

/** Starts one on the machine's last core; null (and a line that says why) where it can't start. */
async function start({ name, precision, command, environment = {} }: Competitor) {
  const [file, ...args] = [...pinned, ...command];
  const child = execa(file!, args, {
    stdin: 'pipe',
    buffer: { stdout: false, stderr: true },
    env: environment,
    reject: false,
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    return done ? null : (JSON.parse(value) as Record<string, unknown>);
  };
  const greeting = await next();
  if (!greeting) {
    const { stderr, shortMessage } = await child;
    process.stdout.write(
      `${name}, ${precision}: skipped: ${stderr?.trim().split('\n').at(-1) || shortMessage}\n`,
    );
    return null;
  }
  process.stdout.write(`${name}, ${precision}: ${greeting.ready}\n`);
  return {
    name,
    precision,
    run: async (steps: number) => {
      child.stdin.write(`${steps}\n`);
      return (await next()) as unknown as Turn;
    },
    stop: async () => {
      child.stdin.end();
      await child;
    },
  };
}

/** Measures `turns` turns of `steps` steps each, one competitor after the other in every turn. */
export async function compete(
  competitors: readonly Competitor[],
  { turns, steps, warmup }: { turns: number; steps: number; warmup: number },
): Promise<Result[]> {
  process.stdout.write(`${cpus()[0]?.model}, Node ${process.version}, one core\n`);
  const started = [];
  for (const competitor of competitors) {
    const process = await start(competitor);
    if (process) started.push({ process, turns: [] as Turn[] });
  }
  for (const { process } of started) await process.run(warmup);
  for (let turn = 0; turn < turns; turn++)
    for (const entry of started) entry.turns.push(await entry.process.run(steps));
  for (const { process } of started) await process.stop();
  return started.map(entry => ({
    name: entry.process.name,
    precision: entry.process.precision,
    turns: entry.turns.map(({ milliseconds }) => median(milliseconds)),
    cpuTurns: entry.turns.map(({ cpuMilliseconds }) => median(cpuMilliseconds)),
    peakMegabytes: Math.max(...entry.turns.map(({ peakMegabytes }) => peakMegabytes)),
  }));
}

/** Prints a table; `amount` is what one step handles (images), 1 for plain steps. */
export function printResults(
  results: readonly Result[],
  { reference, unit, amount }: { reference: string; unit: string; amount: number },
): void {
  const base = results.find(({ name }) => name === reference);
  const range = (values: readonly number[], digits: number) =>
    `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)})`;
  const ratio = (own: readonly number[], other?: readonly number[]) =>
    other
      ? range(
          own.map((milliseconds, turn) => other[turn]! / milliseconds),
          2,
        )
      : '–';
  const rows = results.map(({ name, precision, turns, cpuTurns, peakMegabytes }) => [
    name,
    precision,
    range(turns, 1),
    range(
      turns.map(milliseconds => (amount / milliseconds) * 1e3),
      1,
    ),
    ratio(turns, base?.turns),
    ratio(cpuTurns, base?.cpuTurns),
    String(turns.length),
    peakMegabytes.toFixed(0),
  ]);
  const header = ['', 'precision', 'ms a step', unit, `× ${reference}`, '× in CPU time', 'n', 'peak MB'];
  const lines = [header, header.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`);
  process.stdout.write(`\n${lines.join('\n')}\n\nMedian (smallest–largest) of n turns.\n`);
}
