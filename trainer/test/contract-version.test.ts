import { expect, it } from 'vitest';
import { trainerVersionOf } from '../contract/version.js';
import { runSpec } from './training/run-spec.js';

it('is another one for those runs alone whose numbers a correction changes', () => {
  const version = (model: object, optimizer: string) =>
    trainerVersionOf(runSpec({ model: model as never, optimizer: { name: optimizer } }), 10);
  expect(version({ name: 'resnet18' }, 'muon')).toBe('1');
  expect(version({ name: 'efficientnetB0' }, 'adamw')).toBe('1');
  expect(version({ name: 'efficientnetB0' }, 'muon')).toBe('1+muon-depthwise');
  expect(version({ name: 'vit', hiddenLayers: [9, 11] }, 'adamw')).toBe('1');
  expect(version({ name: 'vit', hiddenLayers: [9, 10] }, 'muon')).toBe('1+vit-hidden-layers');
  const inHalf = (model: object) => {
    const spec = runSpec({ model: model as never, train: { precision: 'bfloat16' } });
    return trainerVersionOf(spec, 10);
  };
  expect(inHalf({ name: 'resnet18' })).toBe('1+bfloat16-odd-channels');
  for (const name of ['vit', 'convnextAtto']) expect(inHalf({ name })).toBe('1');
  expect(version({ name: 'swin', hiddenLayers: [10] }, 'adamw')).toBe('1');
  expect(trainerVersionOf(runSpec(), 10, true)).toBe('1+split-ties');
});
