/**
 * Training steps on 40×40 images, batch 64, SGD: each engine and PyTorch on one thread, models with their default settings.
 * The native engine also runs without oneDNN, which is what TensorFlow does by itself on x86 CPUs without VNNI, BF16 and AMX.
 * `npm run bench train-step` measures all of them, or those that GRID_BENCH_MODELS names with commas between them.
 */
import { compete, engineCompetitor, printResults, torchCompetitor, withoutOneDnn } from './competitors.js';

const convnets = [
  ...['resnet18', 'resnet20', 'densenet121', 'efficientnetB0', 'mobilenetV3Small', 'convnextAtto'],
];
const chosen = process.env.GRID_BENCH_MODELS?.split(',') ?? [...convnets, 'vit', 'swin'];

for (const model of chosen) {
  process.stdout.write(`\n${model}\n`);
  const results = await compete(
    [
      engineCompetitor('tensorflow', model),
      withoutOneDnn(engineCompetitor('tensorflow', model)),
      engineCompetitor('tensorflow', model, 'bfloat16'),
      torchCompetitor('contiguous', model),
      ...(convnets.includes(model) ? [torchCompetitor('channels_last', model)] : []),
      torchCompetitor(convnets.includes(model) ? 'channels_last' : 'contiguous', model, 'bfloat16'),
      engineCompetitor('wasm', model),
    ],
    { turns: 7, steps: 3, warmup: 3 },
  );
  printResults(results, { reference: 'PyTorch, contiguous', unit: 'images/s', amount: 64 });
}
