import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { serialize } from '../../checkpoints/safetensors.js';
import { toStateDict } from '../../checkpoints/state-dict.js';
import type { InitSpec } from '../../contract/run-spec.js';
import { weightsContent } from '../../contract/weights-content.js';
import { initialState } from '../../models/initialize.js';
import { createModel } from '../../models/registry.js';
import { initialValues } from '../../run/warm-start.js';
import { temporaryFolder } from '../temporary-folder.js';
import { runSpec } from '../training/run-spec.js';

const spec = runSpec();
const modelOf = (classes: number) => createModel(spec.model, { channels: 3, classes, imageSize: 8 });

const letters = ['a', 'b', 'c', 'd', 'e'];

/** Weights of a model with so many classes, from another seed. */
function saved(
  classes: number,
  metadata: Record<string, string> = {},
): { init: InitSpec; values: Record<string, Float32Array> } {
  const model = modelOf(classes);
  const values = initialState(model, 99);
  const file = Buffer.concat(serialize(toStateDict(model.entries, values, 0, metadata)));
  const from = join(temporaryFolder(), 'weights.safetensors');
  writeFileSync(from, file);
  const hash = createHash('sha256');
  for (const part of weightsContent(file)!) hash.update(part);
  return { init: { from, hash: hash.digest('hex'), strict: false }, values };
}

async function begin(classes: number, init: InitSpec) {
  const warnings: string[] = [];
  const values = await initialValues(
    modelOf(classes),
    letters.slice(0, classes),
    { ...spec, init },
    message => warnings.push(message),
  );
  return { values, warnings };
}

describe('a warm start', () => {
  it('takes every tensor of the same model without a word', async () => {
    const { init, values } = saved(3);
    expect(await begin(3, init)).toEqual({ values, warnings: [] });
  });

  it('keeps its own head where the classes differ, and says so', async () => {
    const { init, values } = saved(5);
    const begun = await begin(3, init);
    const fresh = initialState(modelOf(3), spec.seed);
    expect(begun.values['conv1.weight']).toEqual(values['conv1.weight']);
    expect(begun.values['fc.weight']).toEqual(fresh['fc.weight']);
    expect(begun.warnings).toHaveLength(1);
    expect(begun.warnings[0]).toMatch(/fc\.weight \(\[5,16\], the model has \[3,16\]\), fc\.bias/);
  });

  it('allows no difference where it is strict', async () => {
    const { init } = saved(5);
    await expect(begin(3, { ...init, strict: true })).rejects.toThrow(/init\.strict allows none/);
  });

  it('takes the head by the names of the classes, strictly too', async () => {
    const { init, values } = saved(3, { classes: '["c","a","b"]' });
    const begun = await begin(3, { ...init, strict: true });
    expect(begun.warnings).toEqual([]);
    expect(begun.values['conv1.weight']).toEqual(values['conv1.weight']);
    const [c, a, b] = values['fc.bias']!;
    expect([...begun.values['fc.bias']!]).toEqual([a, b, c]);
    const row = (weights: Float32Array, at: number) => [...weights.subarray(16 * at, 16 * at + 16)];
    expect(row(begun.values['fc.weight']!, 0)).toEqual(row(values['fc.weight']!, 1));
  });

  it('keeps its own rows for classes that the file doesn’t know', async () => {
    const { init, values } = saved(2, { classes: '["c","x"]' });
    const begun = await begin(3, init);
    const fresh = initialState(modelOf(3), spec.seed)['fc.bias']!;
    expect([...begun.values['fc.bias']!]).toEqual([fresh[0], fresh[1], values['fc.bias']![0]]);
    expect(begun.warnings[0]).toContain('fc.weight (the rows of 1 of its 2 classes, by name; none for a, b)');
    await expect(begin(3, { ...init, strict: true })).rejects.toThrow(/init\.strict allows none/);
  });

  it('is no crash with a file that is damaged', async () => {
    const { init } = saved(3);
    writeFileSync(init.from, readFileSync(init.from).subarray(0, 300));
    await expect(begin(3, init)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(/init\.from: is cut off/),
    });
  });

  it('refuses a file that was changed since the grid was loaded', async () => {
    const { init } = saved(3);
    const wrong = { ...init, hash: '0'.repeat(64) };
    await expect(begin(3, wrong)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('was changed since'),
    });
  });

  it('refuses a file that is gone', async () => {
    const { init } = saved(3);
    await expect(begin(3, { ...init, from: `${init.from}.gone` })).rejects.toThrow(/init\.from: ENOENT/);
  });
});
