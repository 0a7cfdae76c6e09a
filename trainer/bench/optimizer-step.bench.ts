/**
 * Optimizers over the 11.3 M parameters of a ResNet-18, on one thread: each engine beside PyTorch's plain form and its
 * fused or grouped ("foreach") one. Lion and LAMB, which PyTorch lacks, are timm's, where the Python has it.
 */
import { compete, engineCompetitor, median, type Result, torchCompetitor } from './competitors.js';
import { table } from './measuring.js';

/** PyTorch's other form of each. */
const forms = {
  sgd: 'fused',
  adam: 'fused',
  adamw: 'fused',
  nadam: 'foreach',
  rmsprop: 'foreach',
  lion: 'foreach',
  lamb: 'default',
  muon: 'default',
};

const none = '–';
const cpuMilliseconds = (result: Result | undefined, note: string): string => {
  if (result === undefined) return none;
  const { cpuTurns } = result;
  const [least, most] = [Math.min(...cpuTurns), Math.max(...cpuTurns)];
  return `${median(cpuTurns).toFixed(1)} (${least.toFixed(1)}–${most.toFixed(1)}) ${note}`.trim();
};

const turns = 5;
const rows: string[][] = [];
for (const [name, form] of Object.entries(forms)) {
  const kinds = new Set(['default', form]);
  const competitors = [
    engineCompetitor('tensorflow', name),
    engineCompetitor('wasm', name),
    ...[...kinds].map(kind => torchCompetitor(kind, name)),
  ];
  const results = await compete(competitors, { turns, steps: name === 'muon' ? 1 : 4, warmup: 3 });
  const of = (competitor: string, note = '') =>
    cpuMilliseconds(
      results.find(({ name }) => name === competitor),
      note,
    );
  rows.push([
    name,
    of('tensorflow'),
    of('wasm'),
    of('PyTorch, default'),
    form === 'default' ? none : of(`PyTorch, ${form}`, form),
  ]);
}
const header = ['ms a step', 'tensorflow', 'wasm', 'PyTorch', 'PyTorch, fused or foreach'];
process.stdout.write(
  `\n${table(header, rows)}\nCPU time, which other programs disturb less than the clock: median (smallest–largest) of ${turns} turns.\n`,
);
