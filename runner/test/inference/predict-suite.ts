import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { parse, serialize } from '../../../trainer/checkpoints/safetensors.js';
import { zip } from '../../../trainer/test/data/fixtures/zip.js';
import { classOf, levels, type TrainedCells, testImages } from './trained-cells.js';

/** The same model with its two classes, and the rows of its head, the other way around. */
function swapClasses(path: string): void {
  const { metadata, tensors } = parse(readFileSync(path), path);
  for (const name of ['fc.weight', 'fc.bias']) {
    const tensor = tensors.get(name)!;
    const half = tensor.bytes.length / 2;
    const bytes = Buffer.concat([tensor.bytes.subarray(half), tensor.bytes.subarray(0, half)]);
    tensors.set(name, { ...tensor, bytes });
  }
  const classes = JSON.stringify(JSON.parse(metadata.classes!).reverse());
  const swapped = Buffer.concat(serialize({ metadata: { ...metadata, classes }, tensors }));
  writeFileSync(`${path}.new`, swapped);
  renameSync(`${path}.new`, path);
}

/** `grid predict` from a trained grid to a submission. */
export function predictSuite(trained: () => TrainedCells): void {
  const predict = (args: string[], images = 'test.zip') =>
    trained().grid('predict', ...args, '--images', trained().at(images));
  const at = (name: string) => trained().at(name);
  const write = (name: string, content: string | Uint8Array) => writeFileSync(at(name), content);
  /** Probabilities by id. */
  const probabilities = (name: string) =>
    new Map(
      trained()
        .lines(name)
        .slice(1)
        .map(line => line.split(','))
        .map(([id, ...values]) => [id!, values.map(Number)]),
    );

  describe('predict', () => {
    it('writes the class of every image of a zip, named as in the training table', async () => {
      const { exitCode, stdout, stderr } = await predict([trained().pets[0], '--out', at('a.csv')]);
      expect(exitCode, stderr).toBe(0);
      expect(stdout).toContain('48 images, 2 classes');
      const [header, ...rows] = trained().lines('a.csv');
      expect(header).toBe('Id,Category');
      expect(Object.fromEntries(rows.map(row => row.split(',')))).toEqual(
        Object.fromEntries(levels.map((level, i) => [`test/${i}.png`, classOf(level)])),
      );
    });

    it('follows the order, ids and columns of a sample', async () => {
      write('sample.csv', 'image,dog,cat\n3.png,0,0\ntest/0.png,0,0\n');
      const { exitCode, stderr } = await predict([
        ...[trained().pets[0], '--sample', at('sample.csv'), '--out', at('b.csv')],
      ]);
      expect(exitCode, stderr).toBe(0);
      expect(stderr).toContain('46 images are not in the sample');
      expect(trained().lines('b.csv')[0]).toBe('image,dog,cat');
      const found = probabilities('b.csv');
      expect([...found.keys()]).toEqual(['3.png', 'test/0.png']);
      expect(found.get('3.png')![0]).toBeGreaterThan(0.5);
      expect(found.get('test/0.png')![1]).toBeGreaterThan(0.5);
    });

    it('finds the columns of a sample by what is in them, and writes as it does', async () => {
      write('label-first.csv', '\uFEFF"label";"image"\r\n"cat";"3"\r\n"cat";"test/0.png"\r\n');
      const args = [trained().pets[0], '--sample', at('label-first.csv'), '--out', at('first.csv')];
      const { exitCode, stderr } = await predict(args);
      expect(exitCode, stderr).toBe(0);
      expect(readFileSync(at('first.csv'), 'utf8')).toBe(
        '\uFEFF"label";"image"\r\n"dog";"3"\r\n"cat";"test/0.png"\r\n',
      );
      write('chance.csv', 'id,target\n0.png,0.5\n3.png,0.5\n');
      const chance = [trained().pets[0], '--sample', at('chance.csv'), '--out', at('chance-out.csv')];
      const doubt = await predict(chance);
      expect(doubt.exitCode).toBe(2);
      expect(doubt.stderr).toContain('--columns ID,target=dog for a probability');
      expect((await predict([...chance, '--columns', 'id,target=dog'])).exitCode).toBe(0);
      const found = probabilities('chance-out.csv');
      expect(found.get('0.png')![0]).toBeLessThan(0.5);
      expect(found.get('3.png')![0]).toBeGreaterThan(0.5);
    });

    it('takes models whose classes are in another order by their names', async () => {
      const [a, b] = trained().pets;
      const files = ['--out', at('x.csv'), '--probabilities', at('order-p.csv')];
      expect((await predict([a, b, ...files])).exitCode).toBe(0);
      const before = probabilities('order-p.csv');
      swapClasses(at(`results/cells/${b}/checkpoints/best.safetensors`));
      try {
        const { exitCode, stderr } = await predict([a, b, ...files]);
        expect(exitCode, stderr).toBe(0);
        // By another order of sums.
        for (const [id, values] of probabilities('order-p.csv'))
          values.forEach((value, c) => {
            expect(value).toBeCloseTo(before.get(id)![c]!, 5);
          });
        const fitted = await predict([a, b, '--fit-weights', ...files]);
        expect(fitted.exitCode, fitted.stderr).toBe(0);
        const embedded = await trained().grid('embed', b, '--json');
        expect(JSON.parse(embedded.stdout).quality.accuracy).toBe(1);
      } finally {
        swapClasses(at(`results/cells/${b}/checkpoints/best.safetensors`));
      }
    });

    it('takes the mean of an ensemble’s probabilities, weighted as fits the validation images', async () => {
      const [a, b] = trained().pets;
      const runs = { one: [a], two: [b], both: ['--top', '2', '--grid', 'pets'] };
      for (const [name, cells] of Object.entries(runs)) {
        const files = ['--out', at(`${name}.csv`), '--probabilities', at(`${name}-p.csv`)];
        const { exitCode, stderr } = await predict([...cells, ...files, '--tta', 'flip,shift=1,crops=2']);
        expect(exitCode, stderr).toBe(0);
      }
      const [one, two, both] = Object.keys(runs).map(name => probabilities(`${name}-p.csv`));
      expect(both!.size).toBe(levels.length);
      for (const [id, values] of both!)
        values.forEach((value, c) => {
          expect(value).toBeCloseTo((one!.get(id)![c]! + two!.get(id)![c]!) / 2, 6);
        });
      const { stdout } = await predict([a, b, '--fit-weights', '--out', at('d.csv'), '--json']);
      const { weights, fitted } = JSON.parse(stdout);
      expect(weights[0] + weights[1]).toBeCloseTo(1, 9);
      expect(fitted.loss).toBeLessThanOrEqual(fitted.equalLoss);
      expect(fitted.images).toBe(10);
    });

    it('names an image that can’t be read, and still has a row for it', async () => {
      mkdirSync(at('photos'));
      for (const [name, content] of testImages.slice(0, 4)) write(name.replace('test', 'photos'), content);
      write('photos/broken.png', 'no picture');
      const { exitCode, stderr } = await predict([trained().pets[0], '--out', at('c.csv')], 'photos');
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/^1 images can't be used; .*broken\.png \(.+\)/);
      const ids = trained()
        .lines('c.csv')
        .map(line => line.split(',')[0]);
      expect(ids).toEqual(['Id', '0.png', '1.png', '2.png', '3.png', 'broken.png']);
    });

    it('leaves the old file, and nothing beside it, when it is killed', async () => {
      const many = Array.from({ length: 3000 }, (_, i): [string, Uint8Array] => [
        `${i}.png`,
        testImages[i % testImages.length]![1],
      ]);
      mkdirSync(at('killed'));
      write('killed/submission.csv', 'old\n');
      write('many.zip', zip(many));
      for (const milliseconds of [300, 700]) {
        const run = trained().start(
          ...['predict', trained().pets[0], '--images', at('many.zip'), '--tta', 'flip,crops=9'],
          ...['--out', at('killed/submission.csv')],
        );
        await delay(milliseconds);
        run.kill('SIGKILL');
        expect((await run).signal).toBe('SIGKILL');
        expect(readdirSync(at('killed'))).toEqual(['submission.csv']);
        expect(trained().lines('killed/submission.csv')).toEqual(['old']);
      }
    });
  });

  describe('predict refuses', () => {
    const refusals: Record<
      string,
      [args: (cells: TrainedCells) => string[], message: RegExp, images?: string]
    > = {
      'cells of different classes': [
        ({ pets, mood }) => [pets[0], mood],
        /have different classes: they are no ensemble; 2 of \w+ alone \(cat, dog\), 2 of \w+ alone/,
      ],
      'no cells': [() => [], /needs cells, or --top N/],
      'more cells than there are': [() => ['--top', '3', '--grid', 'pets'], /pets has 2 completed cells/],
      'weights that the run didn’t keep': [
        ({ pets }) => [pets[0], '--weights', 'ema'],
        /has no ema weights; it has: best, last$/m,
      ],
      'images that aren’t there': [({ pets }) => [pets[0]], /--images .*nowhere\.zip: ENOENT/, 'nowhere.zip'],
      'a zip that is none': [({ pets }) => [pets[0]], /--images .*pets\.yaml: not a zip/, 'pets.yaml'],
      'a sample with ids that have no image': [
        ({ pets }) => [pets[0], '--sample', at('odd.csv')],
        /1 of 2 ids have no image in .*test\.zip: 99\.png/,
      ],
      'columns of a sample that are no classes': [
        ({ pets }) => [pets[0], '--sample', at('columns.csv')],
        /columns Id, cat, horse: expected two/,
      ],
      'views that it doesn’t know': [({ pets }) => [pets[0], '--tta', 'turn'], /--tta must be flip/],
      'a shift that leaves nothing': [
        ({ pets }) => [pets[0], '--tta', 'shift=8'],
        /8 pixels leaves nothing .* 8×8/,
      ],
      'an unknown kind of file': [
        ({ pets }) => [pets[0], '--probabilities', at('p.txt')],
        /expected a name that ends in \.csv, \.npy or \.safetensors/,
      ],
      'images that all can’t be used': [({ pets }) => [pets[0]], /none of the 2 images .*: .*0\.png/, 'bad'],
    };

    it.each(Object.keys(refusals))('%s', async name => {
      write('odd.csv', 'Id,Category\n0.png,cat\n99.png,cat\n');
      write('columns.csv', 'Id,cat,horse\n0.png,0,0\n');
      mkdirSync(at('bad'), { recursive: true });
      for (const i of [0, 1]) write(join('bad', `${i}.png`), 'no picture');
      const [args, message, images] = refusals[name]!;
      const { exitCode, stderr } = await predict([...args(trained()), '--out', at('none.csv')], images);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(exitCode).toBe(2);
      expect(existsSync(at('none.csv'))).toBe(false);
    });

    it('to write where it can’t, with the old file left', async () => {
      write('file', 'old\n');
      const { exitCode, stderr } = await predict([trained().pets[0], '--out', at('file/x.csv')]);
      expect(exitCode).not.toBe(0);
      expect(stderr).toContain('file');
      expect(readFileSync(at('file'), 'utf8')).toBe('old\n');
    });
  });
}
