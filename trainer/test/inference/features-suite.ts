import { describe, expect, it } from 'vitest';
import type { Component } from '../../contract/run-spec.js';
import type { Engine } from '../../engine/engine.js';
import { featuresOf } from '../../inference/features.js';
import { nearest, votes } from '../../inference/nearest.js';
import type { OpenModel } from '../../inference/open-model.js';
import { initialState } from '../../models/initialize.js';
import { createModel } from '../../models/registry.js';
import { BatchUploader } from '../../training/device-batch.js';
import { Network } from '../../training/network.js';
import { runSpec } from '../training/run-spec.js';

const classNames = ['a', 'b', 'c'];
const image = { height: 32, width: 32, channels: 3 };
const length = 32 * 32 * 3;
/** Features and their neighbours, on any engine. */
export function featuresSuite(engine: Engine): void {
  const { tf } = engine;

  /** The model of a grid; its last layer, which begins with zeros in some, is filled. */
  function openModel(model: Component) {
    const size = { channels: 3, classes: classNames.length, imageSize: image.height };
    const built = createModel(runSpec({ model }).model, size);
    const values = initialState(built, 5);
    const [weight, bias] = built.entries.slice(-2).map(({ name }) => values[name]!);
    weight!.forEach((_, i) => {
      weight![i] = Math.sin(i);
    });
    const network = new Network(built, engine, values);
    const uploader = new BatchUploader(engine, image, { mean: [0, 0, 0], standardDeviation: [1, 1, 1] });
    const dispose = () => {
      network.dispose();
      uploader.dispose();
    };
    const opened: OpenModel = { engine, network, uploader, image, classNames, dispose };
    return { model: opened, weight: weight!, bias: bias! };
  }

  describe('features', () => {
    const images = Uint8Array.from({ length: 5 * length }, (_, i) => (i * 37) % 251);
    const options = { batchSize: 2, onBatch: () => {} };

    it.each([
      [{ name: 'resnet20', width: 4 }, 16],
      [{ name: 'resnet20', width: 4, hiddenLayers: [7] }, 7],
      [{ name: 'convnextAtto', width: 4 }, 32],
      [{ name: 'vit', patchSize: 4, layers: 1, heads: 2, hiddenDim: 12 }, 12],
      [{ name: 'swin', patchSize: 2, embedDim: 8, depths: [1, 1], heads: [2, 2], windowSize: 2 }, 16],
    ])('are what the last layer makes logits of: %j', async (component, dimensions) => {
      const { model, weight, bias } = openModel(component);
      const features = await featuresOf(model, images, Int32Array.of(4, 0, 2), options);
      expect(features.dimensions).toBe(dimensions);
      const single = { size: 1, labels: new Int32Array(1), erased: [], mix: null };
      [4, 0, 2].forEach((place, row) => {
        const bytes = images.slice(place * length, (place + 1) * length);
        const logits = tf.tidy(() =>
          model.network.evaluate(model.uploader.images({ ...single, images: bytes })).dataSync(),
        );
        const own = features.values.subarray(row * dimensions, (row + 1) * dimensions);
        classNames.forEach((_, c) => {
          const weights = weight.subarray(c * dimensions, (c + 1) * dimensions);
          const logit = own.reduce((sum, value, i) => sum + value * weights[i]!, bias[c]!);
          expect(logit).toBeCloseTo(logits[c]!, 4);
        });
        expect(features.predicted[row]).toBe(logits.indexOf(Math.max(...logits)));
      });
      model.dispose();
    });

    it('leave no tensors', async () => {
      const { model } = openModel({ name: 'resnet20', width: 4 });
      const all = Int32Array.from({ length: 5 }, (_, i) => i);
      await featuresOf(model, images, all, options);
      const before = tf.memory().numTensors;
      const features = await featuresOf(model, images, all, options);
      await nearest(engine, features, features, 2);
      expect(tf.memory().numTensors).toBe(before);
      model.dispose();
    });
  });

  describe('nearest', () => {
    const rows = (count: number, seed: number) => ({
      values: Float32Array.from({ length: count * 6 }, (_, i) => Math.sin((i + 1) * seed)),
      dimensions: 6,
    });
    const cosine = (a: Float32Array, b: Float32Array) => {
      const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
      return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    };

    it('are those with the largest cosines, in their order', async () => {
      const [queries, gallery] = [rows(9, 1.7), rows(50, 2.3)];
      const found = await nearest(engine, queries, gallery, 4);
      const part = ({ values }: { values: Float32Array }, i: number) => values.subarray(6 * i, 6 * i + 6);
      for (let query = 0; query < 9; query++) {
        const all = Array.from({ length: 50 }, (_, row) => ({
          row,
          similarity: cosine(part(queries, query), part(gallery, row)),
        })).sort((a, b) => b.similarity - a.similarity);
        expect([...found.rows.subarray(4 * query, 4 * query + 4)]).toEqual(
          all.slice(0, 4).map(({ row }) => row),
        );
        all.slice(0, 4).forEach(({ similarity }, i) => {
          expect(found.similarities[4 * query + i]).toBeCloseTo(similarity, 5);
        });
      }
    });

    it('are all there are where fewer are there', async () => {
      const found = await nearest(engine, rows(2, 1.7), rows(3, 2.3), 10);
      expect(found.count).toBe(3);
      expect(new Set(found.rows.subarray(0, 3))).toEqual(new Set([0, 1, 2]));
    });

    it('vote by exp(cosine / 0.07)', () => {
      const found = {
        count: 3,
        rows: Int32Array.of(0, 1, 2),
        similarities: Float32Array.of(0.9, 0.88, 0.87),
      };
      const labels = Int32Array.of(1, 0, 0);
      expect([...votes(found, labels, 1)]).toEqual([1]);
      expect([...votes(found, labels, 3)]).toEqual([0]);
      // One that is much nearer outvotes two.
      expect([...votes({ ...found, similarities: Float32Array.of(0.9, 0.5, 0.5) }, labels, 3)]).toEqual([1]);
    });
  });
}
