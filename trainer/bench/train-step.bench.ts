/**
 * Training steps on 40×40 images, batch 64, SGD: each engine and PyTorch on one thread. ResNet-18, and the ViT and the
 * Swin for small images with their default settings. `npm run bench train-step` measures all of them.
 */
import { compete, engineCompetitor, printResults, torchCompetitor } from './competitors.js';

for (const model of ['resnet18', 'vit', 'swin']) {
  process.stdout.write(`\n${model}\n`);
  const results = await compete(
    [
      engineCompetitor('tensorflow', model),
      torchCompetitor('contiguous', model),
      ...(model === 'resnet18' ? [torchCompetitor('channels_last', model)] : []),
      engineCompetitor('wasm', model),
    ],
    { turns: 7, steps: 3, warmup: 3 },
  );
  printResults(results, { reference: 'PyTorch, contiguous', unit: 'images/s', amount: 64 });
}
