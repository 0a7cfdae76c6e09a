import { describe, expect, it } from 'vitest';
import type { Batch } from '../../data/batch.js';
import type { Engine } from '../../engine/engine.js';
import { initialState } from '../../models/initialize.js';
import { createModel } from '../../models/registry.js';
import { Session } from '../../run/session.js';
import { diagnoseNan } from '../../training/diagnose-nan.js';
import { NanLossError } from '../../training/meter.js';
import { nonFiniteGradient, nonFiniteOutput } from '../../training/non-finite.js';
import { inMemoryData } from './in-memory-data.js';
import { runSpec } from './run-spec.js';

/** Where a NaN comes from, on any engine. */
export function nanSuite(engine: Engine): void {
  const spec = runSpec();
  const data = inMemoryData();
  const model = createModel(spec.model, { channels: 3, classes: data.classes, imageSize: 8 });
  const at = (learningRate: number) => ({
    ...spec.train,
    seed: 1,
    step: 0,
    classes: data.classes,
    ratesAt: () => ({ learningRate, momentum: undefined }),
  });
  const options = at(0.01);
  const first = { ...options, batchNumber: 0 };
  const batches = () =>
    data.trainBatches({ ...spec.train, seed: 1, epoch: 0, augmentation: spec.augmentation });

  /** A session whose tensors of this name are filled with a value. */
  async function withSession<T>(fill: Record<string, number>, work: (session: Session, batch: Batch) => T) {
    const initial = initialState(model, 1);
    for (const [name, value] of Object.entries(fill)) initial[name]!.fill(value);
    const session = Session.create(engine, spec, model, data, null, initial);
    try {
      for await (const batch of batches()) return await work(session, batch);
      throw new Error('no batch');
    } finally {
      session.dispose();
    }
  }

  describe('the origin of a NaN', () => {
    it('is nowhere in a sound network, and looking for it leaves no tensors', async () => {
      await withSession({}, (session, batch) => {
        // Variables hand out the tensors of their first reading again.
        session.network.tensors();
        const before = engine.tf.memory().numTensors;
        expect(nonFiniteOutput(session, batch, first)).toBeUndefined();
        expect(engine.tf.memory().numTensors).toBe(before);
      });
    });

    it('is the first output that overflows', async () => {
      const origin = await withSession({ 'layer2.0.conv1.weight': 3e38 }, (session, batch) =>
        nonFiniteOutput(session, batch, first),
      );
      expect(origin).toBe('the output (conv2d) of layer2.0.conv1');
    });

    it('is a weight that is none', async () => {
      const origin = await withSession({ 'layer3.1.bn2.bias': Number.NaN }, (session, batch) =>
        nonFiniteOutput(session, batch, first),
      );
      expect(origin).toBe('the tensor layer3.1.bn2.bias');
    });

    it('is the last layer with a bad gradient, the first on the way back', () => {
      const { tf } = engine;
      const gradients = {
        'conv1.weight': tf.tensor1d([Number.NaN]),
        'layer1.weight': tf.tensor1d([1, Number.POSITIVE_INFINITY]),
        'fc.weight': tf.tensor1d([1]),
      };
      expect(nonFiniteGradient(gradients)).toBe('the gradient of layer1');
      tf.dispose(gradients);
    });

    it('is found by the steps that came before', async () => {
      // The first step of this learning rate makes weights whose activations overflow in the second one.
      const wild = at(1e38);
      const before = engine.tf.memory().numTensors;
      const error = await withSession({}, session =>
        diagnoseNan(new NanLossError(2), session, batches(), wild),
      );
      expect(error.step).toBe(2);
      expect(error.message).toMatch(
        /since step 2 \(not finite first: the (output \(\w+\)|tensor) .*conv1.* in step 2\)/,
      );
      expect(engine.tf.memory().numTensors).toBe(before);
    });

    it('is found by the batches that a step sums up', async () => {
      // Batches of 8, 8 and 4 images: two steps.
      const wild = { ...at(1e38), accumulate: 2 };
      const error = await withSession({}, session =>
        diagnoseNan(new NanLossError(2), session, batches(), wild),
      );
      expect(error.message).toMatch(/not finite first: the (output \(\w+\)|tensor) .*conv1.* in step 2\)/);
    });

    it('is not looked for over thousands of steps', async () => {
      const far = new NanLossError(5000);
      expect(await withSession({}, session => diagnoseNan(far, session, batches(), options))).toBe(far);
    });
  });
}
