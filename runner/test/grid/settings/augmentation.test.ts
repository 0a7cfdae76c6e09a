import { describe, expect, it } from 'vitest';
import { presets, transforms } from '../../../../trainer/contract/params.js';
import { base, cellsOf, labelsOf, problemsOf } from '../grid-fixture.js';

const one = (text: string) => cellsOf(`${base}${text}\n`)[0]!.spec.augmentation;
const list = (...entries: string[]) => `augmentation: {transforms: [${entries.join(', ')}]}`;
const colour = 'data: {channels: 3}';

describe('an augmentation', () => {
  it.each([
    [
      list('randAugmnt'),
      '3:29 augmentation.transforms[0]: unknown transform "randAugmnt"; did you mean "randAugment"?',
    ],
    ['augmentation: {mix: [{name: mixUp, alpha: 0}]}', '3:43 augmentation.mix[0].alpha: must be > 0, got 0'],
    [
      'augmentation: {mix: [cutMix, mixUp, cutMix]}',
      '3:37 augmentation.mix[2]: cutMix is there twice; its odds are set by weight',
    ],
    ['augmentation: refernce', '3:15 augmentation: unknown preset "refernce"; did you mean "reference"?'],
    [
      'augmentation: {preset: some}',
      '3:24 augmentation.preset: must be one of none, cifar, imagenet, report, reference, got text "some"',
    ],
    [
      'augmentation: 3',
      '3:15 augmentation: must be a preset (none, cifar, imagenet, report, reference) or a mapping',
    ],
    [
      'augmentation: {repeat: 2}',
      '3:16 augmentation.repeat: unknown key "repeat" of augmentation; did you mean "repeats"?',
    ],
    [
      list('normalize', 'randomHorizontalFlip'),
      '3:40 augmentation.transforms[1]: randomHorizontalFlip works on bytes: it must stand before normalize',
    ],
    [
      list('normalize', 'randomErasing', 'normalize'),
      '3:55 augmentation.transforms[2]: normalize is there twice',
    ],
    [
      list('randomErasing', 'normalize'),
      '3:44 augmentation.transforms[1]: must stand before randomErasing, which fills boxes of the normalized image',
    ],
    [
      list('{name: randomErasing, scale: [0.5, 0.1]}'),
      '3:58 augmentation.transforms[0].scale: must be [smallest, largest], got [0.5, 0.1]',
    ],
    [
      `${list('{name: normalize, mean: [0, 0]}')}\n${colour}`,
      '3:53 augmentation.transforms[0].mean: must have 1 or 3 entries (data.channels), got 2',
    ],
    [
      list('{name: randomErasing, value: noise}'),
      '3:58 augmentation.transforms[0].value: must be what the box is filled with: a number, one a channel, or random',
    ],
    [list('{name: colorJitter, hue: 0.6}'), '3:54 augmentation.transforms[0].hue: must be ≤ 0.5, got 0.6'],
    [
      list('colorJitter'),
      'augmentation.transforms[0].name: changes nothing: it needs brightness, contrast, saturation or hue',
    ],
    [
      list('{name: gaussianBlur, kernelSize: 4}'),
      '3:62 augmentation.transforms[0].kernelSize: must be odd, got 4',
    ],
    [
      list('{name: randAugment, magnitude: 31}'),
      '3:60 augmentation.transforms[0].magnitude: must be < numMagnitudeBins (31), got 31',
    ],
    [
      `${list('{name: cutOut, length: 41}')}\ndata: {imageSize: 40}`,
      '3:52 augmentation.transforms[0].length: must be ≤ the image size (40), got 41',
    ],
    [
      'augmentation: {mixEvery: epochs}',
      '3:26 augmentation.mixEvery: must be one of batch, epoch, got text "epochs"; did you mean "epoch"?',
    ],
    ['augmentation: {repeats: 65}', '3:25 augmentation.repeats: must be ≤ 64, got 65'],
    [
      'augmentation: {repeats: 3}\ntrain: {batchSize: 2}',
      '3:25 augmentation.repeats: must be ≤ train.batchSize (2), got 3',
    ],
    [
      'augmentation: {expansion: {copies: 2}}',
      '3:27 augmentation.expansion: augmentation needs "transforms" (What makes a copy, in order)',
    ],
    [
      'augmentation: {expansion: {transforms: [normalize]}}',
      "3:41 augmentation.expansion.transforms[0]: normalize can't be kept in copies, which are bytes",
    ],
    [
      'augmentation: {expansion: {transforms: [augmix]}}',
      '3:41 augmentation.expansion.transforms[0]: unknown transform "augmix"; did you mean "augMix"?',
    ],
  ])('%s', (text, problem) => {
    expect(problemsOf(`${base}${text}\n`)[0]).toContain(problem);
  });

  it.each(Object.keys(presets))('of the preset %s is right', preset => {
    expect(problemsOf(`${base}augmentation: ${preset}\n`)).toEqual([]);
    expect(problemsOf(`${base}augmentation: ${preset}\ndata: {channels: 1}\n`)).toEqual([]);
  });

  it('of a preset is written out, and what is given beside it replaces its part', () => {
    const names = ({ transforms, mix }: ReturnType<typeof one>) =>
      [...transforms, ...mix].map(({ name }) => name).join(' ');
    expect(names(one('augmentation: reference'))).toBe(
      'randomResizedCrop randomHorizontalFlip trivialAugmentWide normalize randomErasing cutMix mixUp',
    );
    const changed = one('augmentation: {preset: reference, mix: [mixUp], repeats: 3}');
    expect(names(changed)).toBe(
      'randomResizedCrop randomHorizontalFlip trivialAugmentWide normalize randomErasing mixUp',
    );
    expect(changed.repeats).toBe(3);
    expect(changed.transforms[0]).toMatchObject({ scale: [0.35, 1], ratio: [3 / 4, 4 / 3] });
  });

  it('is drawn anew for each batch, or for each epoch', () => {
    const id = (text: string) => cellsOf(`${base}augmentation: {mix: [mixUp]${text}}\n`)[0]!.cellId;
    expect(one('augmentation: {mix: [mixUp], mixEvery: epoch}').mixEvery).toBe('epoch');
    expect(one('augmentation: report').mixEvery).toBe('epoch');
    expect(one('augmentation: {mix: [mixUp]}')).not.toHaveProperty('mixEvery');
    expect(id(', mixEvery: batch')).toBe(id(''));
    expect(id(', mixEvery: epoch')).not.toBe(id(''));
    expect(
      cellsOf(`${base}augmentation: report\naxes: {augmentation.mixEvery: [batch, epoch]}\n`).map(
        ({ spec }) => spec.augmentation.mixEvery,
      ),
    ).toEqual([undefined, 'epoch']);
  });

  it('has every default of every transform', () => {
    for (const [name, parameters] of Object.entries(transforms)) {
      const given = name === 'colorJitter' ? '{name: colorJitter, hue: 0.1}' : name;
      const [transform] = one(list(given)).transforms;
      expect(Object.keys(transform!).sort()).toEqual(['name', ...Object.keys(parameters)].sort());
    }
  });

  it('with copies of images has the defaults of what makes them', () => {
    expect(one('augmentation: {expansion: {copies: 4, transforms: [randomVerticalFlip]}}').expansion).toEqual(
      {
        copies: 4,
        keepOriginals: true,
        seed: 0,
        transforms: [{ name: 'randomVerticalFlip', probability: 0.5 }],
      },
    );
  });

  it('may be an axis: presets, mappings and keys', () => {
    const cells = cellsOf(
      `${base}axes:\n  augmentation: [none, reference, {preset: cifar, repeats: 2}, {transforms: [augMix, normalize]}]\n  augmentation.mix: {cut: [cutMix], none: []}\n`,
    );
    expect(labelsOf(cells).slice(0, 4)).toEqual([
      'augmentation=none augmentation.mix=cut',
      'augmentation=none augmentation.mix=none',
      'augmentation=reference augmentation.mix=cut',
      'augmentation=reference augmentation.mix=none',
    ]);
    expect(labelsOf(cells).at(-1)).toBe('augmentation=augMix augmentation.mix=none');
    expect(cells.map(({ spec }) => spec.augmentation.mix.length)).toEqual([1, 0, 1, 0, 1, 0, 1, 0]);
    expect(new Set(cells.map(({ cellId }) => cellId)).size).toBe(8);
  });

  it('of a value of an axis is blamed there', () => {
    expect(problemsOf(`${base}axes:\n  augmentation:\n    bad: {transforms: [normalize, augMix]}\n`)).toEqual(
      ['5:35 axes.augmentation.bad.transforms[1]: augMix works on bytes: it must stand before normalize'],
    );
  });
});
