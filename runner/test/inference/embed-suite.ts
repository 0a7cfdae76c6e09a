import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { plainPng } from '../../../trainer/test/data/fixtures/images.js';
import { classOf, levels, type TrainedCells } from './trained-cells.js';

/** `grid embed` on a trained cell. */
export function embedSuite(trained: () => TrainedCells): void {
  const embed = (...args: string[]) => trained().grid('embed', trained().pets[0], ...args);
  const at = (name: string) => trained().at(name);

  describe('embed', () => {
    it('tells what the nearest training images know of the validation images', async () => {
      const { exitCode, stdout, stderr } = await embed('--k', '1,5', '--json', '--out', at('features.csv'));
      expect(exitCode, stderr).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        images: 10,
        dimensions: 16,
        // Dark and bright images lie apart in any network that has learned them.
        quality: {
          trainImages: 38,
          accuracy: 1,
          nearestNeighbours: [
            { k: 1, accuracy: 1 },
            { k: 5, accuracy: 1 },
          ],
        },
        neighbourhoods: [],
      });
      const [header, ...rows] = trained().lines('features.csv');
      expect(header).toBe(`id,label,${Array.from({ length: 16 }, (_, i) => `f${i}`).join(',')}`);
      expect(rows).toHaveLength(10);
      for (const row of rows) {
        const [id, label] = row.split(',');
        expect(label).toBe(classOf(levels[Number(/\d+/.exec(id!)![0])]!));
      }
    });

    it('shows the neighbours of a validation image and of a file, as a table and as a page', async () => {
      const csv = await embed('--out', at('ids.csv'));
      expect(csv.exitCode, csv.stderr).toBe(0);
      const [id, label] = trained().lines('ids.csv')[1]!.split(',');
      writeFileSync(at('bright.png'), plainPng(222, 8));
      const queries = ['--image', id!, at('bright.png'), '--neighbours', '3'];
      const { stdout, stderr } = await embed(...queries);
      expect(stderr).toBe('');
      expect(stdout).toContain(`nearest to ${id} (class ${label})`);
      const [, ofFile] = stdout.split(`nearest to ${at('bright.png')}`);
      expect(ofFile!.match(/\d\.\d{3}\s+dog\s+train\/\d+\.png/g)).toHaveLength(3);
      const page = await embed(...queries, '--page', at('page.html'));
      expect(page.stdout).toContain('neighbours of 2 images');
      const html = readFileSync(at('page.html'), 'utf8');
      expect(html.match(/<img /g)).toHaveLength(2 * (1 + 3));
      expect(html).toContain('class="same"');
    });

    it('shows some validation images where none are named', async () => {
      await embed('--page', at('some.html'), '--neighbours', '1');
      expect(readFileSync(at('some.html'), 'utf8').match(/<img /g)).toHaveLength(2 * 10);
    });

    it('writes the features of other images', async () => {
      const { exitCode, stderr } = await embed('--images', at('test.zip'), '--out', at('features.npy'));
      expect(exitCode, stderr).toBe(0);
      const file = readFileSync(at('features.npy'));
      expect(file.subarray(10, 128).toString('latin1')).toContain("'shape': (48, 16)");
      expect(file.length).toBe(128 + 4 * 48 * 16);
    });

    it.each([
      [['--image', 'nowhere.png'], /--image nowhere\.png: neither a validation image nor a file/],
      [['--images', 'x.zip'], /--images needs --out/],
      [['--k', '0'], /--k must be whole numbers/],
      [['--out', 'features.txt'], /expected a name that ends in/],
      [['--weights', 'last-ema'], /has no last-ema weights/],
    ])('refuses %j', async (args, message) => {
      const { exitCode, stderr } = await embed(...args);
      expect(stderr).toMatch(message);
      expect(exitCode).toBe(2);
    });
  });
}
