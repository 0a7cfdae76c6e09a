import { readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from '../../checkpoints/safetensors.js';
import type { Evaluation } from '../../contract/evaluation.js';
import { type EpochRecord, measuredMetrics, metricsOf, type TrainerEvent } from '../../contract/events.js';
import { decodeClasses, type Predictions } from '../../contract/predictions.js';
import type { RunSpec } from '../../contract/run-spec.js';
import type { Engine } from '../../engine/engine.js';
import { runCell } from '../../run/run-cell.js';
import type { RunData } from '../../training/run-data.js';
import { temporaryFolder } from '../temporary-folder.js';
import { classes, inMemoryData } from './in-memory-data.js';
import { runSpec } from './run-spec.js';

type EventOf<T extends TrainerEvent['type']> = Extract<TrainerEvent, { type: T }>;

/** Everything that a run says about itself, on any engine. */
export function runCellSuite(engine: Engine): void {
  async function run(spec: RunSpec, options: { runDir?: string; data?: RunData; drainAfter?: number } = {}) {
    const { runDir = temporaryFolder(), data = inMemoryData(), drainAfter } = options;
    const events: TrainerEvent[] = [];
    const request = { type: 'run', cellId: 'cell', attempt: 1, spec, runDir, cacheDir: runDir } as const;
    const failure = await runCell(request, {
      engine,
      openData: async () => data,
      emit: event => events.push(event),
      isDraining: () => events.filter(event => event.type === 'epoch').length >= (drainAfter ?? 1e9),
    });
    const of = <T extends TrainerEvent['type']>(type: T) =>
      events.filter((event): event is EventOf<T> => event.type === type);
    return { events, of, runDir, failure };
  }

  const deterministic = ({ epoch, step, metrics }: EpochRecord) => ({
    epoch,
    step,
    metrics: Object.fromEntries(Object.entries(metrics).filter(([name]) => !measuredMetrics.includes(name))),
  });

  describe('a run', () => {
    it('reports its epochs and leaves its checkpoints', async () => {
      const { events, of, runDir } = await run(runSpec());
      const kinds = events.map(event => event.type).filter(type => type !== 'progress');
      expect(kinds[0]).toBe('started');
      expect(kinds.at(-1)).toBe('completed');
      expect(of('started')[0]).toMatchObject({
        resumedFromEpoch: 0,
        history: [],
        trainImages: 20,
        validationImages: 9,
        classes: 3,
        provenance: { dataFingerprint: 'in memory 20 9', trainerVersion: '1', engine: engine.info },
      });
      const epochs = of('epoch');
      expect(epochs.map(({ epoch, step }) => [epoch, step])).toEqual([
        [1, 3],
        [2, 6],
        [3, 9],
        [4, 12],
      ]);
      for (const { metrics } of epochs) {
        expect(Object.keys(metrics)).toEqual(metricsOf({ ema: null }));
        for (const value of Object.values(metrics)) expect(value).toBeTypeOf('number');
      }
      expect(of('progress').length).toBeGreaterThan(0);
      const last = readFileSync(join(runDir, 'checkpoints/last.safetensors'));
      expect(JSON.parse(parse(last, 'last').metadata.epoch!)).toEqual(
        (({ type: _, cellId: __, ...record }) => record)(epochs[3]!),
      );
    });

    it('learns', async () => {
      const { of } = await run(runSpec({ train: { epochs: 25, batchSize: 10 } }));
      const losses = of('epoch').map(({ metrics }) => metrics.trainLoss!);
      expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
      expect(of('epoch').at(-1)!.metrics.trainAccuracy).toBeGreaterThan(0.9);
    });

    it('averages its weights, reports on them, and keeps those of the best and of the last epoch', async () => {
      const spec = runSpec({
        train: { ema: { decay: 0.8, updateEvery: 2, warmup: true } },
        objective: { metric: 'emaValidationLoss', direction: 'maximize' },
      });
      const { of, runDir } = await run(spec);
      const losses = of('epoch').map(({ metrics }) => metrics.emaValidationLoss!);
      const best = losses.indexOf(Math.max(...losses)) + 1;
      expect(of('checkpoint').findLast(({ kind }) => kind === 'best')!.epoch).toBe(best);
      for (const { metrics } of of('epoch')) expect(Object.keys(metrics)).toEqual(metricsOf(spec.train));
      const epochIn = (name: string) =>
        JSON.parse(parse(readFileSync(join(runDir, 'checkpoints', name)), name).metadata.epoch!).epoch;
      expect(['best', 'best-ema', 'last', 'last-ema'].map(name => epochIn(`${name}.safetensors`))).toEqual([
        best,
        best,
        4,
        4,
      ]);
    });

    it('has fewer steps where several batches make up one', async () => {
      const { of } = await run(runSpec({ train: { accumulate: 2, epochs: 2 } }));
      expect(of('epoch').map(({ step }) => step)).toEqual([2, 4]);
    });

    it('leaves frozen parameters and running statistics as they are', async () => {
      const weightsOf = async (epochs: number) => {
        const { runDir } = await run(runSpec({ train: { epochs, freeze: ['layer1.*', '*.running_*'] } }));
        return parse(readFileSync(join(runDir, 'checkpoints/last.safetensors')), 'last').tensors;
      };
      const [first, third] = [await weightsOf(1), await weightsOf(3)];
      const same = [...first].filter(
        ([name, { bytes }]) => Buffer.compare(bytes, third.get(name)!.bytes) === 0,
      );
      const frozen = [...first.keys()].filter(name => /^layer1\.|running_|num_batches_tracked/.test(name));
      expect(same.map(([name]) => name)).toEqual(frozen);
    });

    it('says which checkpoint is the best, by the objective', async () => {
      const { events, of } = await run(
        runSpec({
          objective: { metric: 'learningRate', direction: 'minimize' },
          scheduler: { name: 'step', stepSize: 2 },
        }),
      );
      const best = of('checkpoint').filter(({ kind }) => kind === 'best');
      expect(best.map(({ epoch, path }) => [epoch, path])).toEqual([
        [1, 'checkpoints/best.safetensors'],
        [3, 'checkpoints/best.safetensors'],
      ]);
      // On disk before it is spoken of.
      const first = events.filter(event => event.type === 'checkpoint' || event.type === 'epoch')[0];
      expect(first!.type).toBe('checkpoint');
    });

    it('goes on after an interruption to the same bits', async () => {
      const spec = runSpec({ model: { dropout: 0.3, hiddenLayers: [6] }, train: { gradientClipNorm: 1 } });
      const whole = await run(spec);
      const first = await run(spec, { drainAfter: 2 });
      expect(first.events.at(-1)).toEqual({ type: 'interrupted', cellId: 'cell', epoch: 2 });
      const second = await run(spec, { runDir: first.runDir });
      const [started] = second.of('started');
      expect(started!.resumedFromEpoch).toBe(2);
      expect(started!.history.map(deterministic)).toEqual(first.of('epoch').map(deterministic));
      expect(second.of('completed')).toEqual(whole.of('completed'));
      expect([...first.of('epoch'), ...second.of('epoch')].map(deterministic)).toEqual(
        whole.of('epoch').map(deterministic),
      );
    });

    it('that is complete answers at once', async () => {
      const first = await run(runSpec());
      const { events, of } = await run(runSpec(), { runDir: first.runDir });
      expect(events.map(event => event.type)).toEqual(['started', 'completed']);
      expect(of('started')[0]!.history).toHaveLength(4);
      expect(of('completed')).toEqual(first.of('completed'));
    });

    it('begins anew when the data changed', async () => {
      const { runDir } = await run(runSpec(), { drainAfter: 2 });
      const { of } = await run(runSpec(), { runDir, data: inMemoryData({ trainImages: 24 }) });
      expect(of('warning')[0]!.message).toMatch(/epoch 2 is of another run \(the data changed\)/);
      expect(of('started')[0]!.resumedFromEpoch).toBe(0);
      expect(of('epoch')).toHaveLength(4);
      const [, folder] = /is in the cell's folder (\S+)$/.exec(of('warning')[0]!.message)!;
      expect(readdirSync(join(runDir, folder!))).toEqual(
        expect.arrayContaining(['best.safetensors', 'epoch-000002']),
      );
    });

    it('begins anew when the classes come in another order', async () => {
      const { runDir } = await run(runSpec(), { drainAfter: 2 });
      const data = { ...inMemoryData(), classNames: ['grey', 'dark', 'light'] };
      const { of } = await run(runSpec(), { runDir, data });
      expect(of('warning')[0]!.message).toMatch(/is of another run \(the classes or their order changed\)/);
      expect(of('epoch')).toHaveLength(4);
    });

    it('reports the figures of the weights that are there, when the best ones were lost', async () => {
      // The first epoch is the best.
      const spec = runSpec({ objective: { metric: 'learningRate', direction: 'maximize' } });
      const { runDir } = await run(spec);
      const evaluated = () => JSON.parse(readFileSync(join(runDir, 'evaluation.json'), 'utf8'));
      expect(evaluated().epoch).toBe(1);
      truncateSync(join(runDir, 'checkpoints/best.safetensors'), 1000);
      const { of } = await run(spec, { runDir });
      expect(of('warning')[0]!.message).toMatch(/best\.safetensors of epoch 1, .*: epoch 4 takes its place/);
      expect(of('completed')).toHaveLength(1);
      expect(evaluated().epoch).toBe(4);
    });

    it('keeps what its best weights take each validation image for, which is what their figures count', async () => {
      const data = inMemoryData({ validationImages: 23 });
      const spec = runSpec();
      const { of, runDir } = await run(spec, { data });
      const path = join(runDir, 'predictions.json');
      const text = readFileSync(path, 'utf8');
      const kept: Predictions = JSON.parse(text);
      const figures: Evaluation = JSON.parse(readFileSync(join(runDir, 'evaluation.json'), 'utf8'));
      expect(kept).toMatchObject({
        ...{ version: 1, epoch: figures.epoch, weightsHash: figures.weightsHash, images: 23 },
        ...{ data: data.fingerprint, split: data.split },
      });
      const labels = decodeClasses(kept.labels);
      const predicted = decodeClasses(kept.predicted);
      expect(labels).toEqual(Array.from({ length: 23 }, (_, n) => (1000 + n) % classes));
      const confusion = data.classNames.map((_, i) =>
        data.classNames.map((_, j) => labels.filter((own, n) => own === i && predicted[n] === j).length),
      );
      expect(confusion).toEqual(figures.confusion);
      const accuracy = labels.filter((own, n) => own === predicted[n]).length / 23;
      expect(accuracy).toBe(figures.accuracy);
      expect(of('epoch')[kept.epoch - 1]!.metrics.validationAccuracy).toBe(accuracy);
      // A run from before they were kept has them after the next look at it.
      rmSync(path);
      await run(spec, { runDir, data });
      expect(readFileSync(path, 'utf8')).toBe(text);
    });

    it('has other weights with another seed', async () => {
      const hash = async (seed: number) =>
        (await run(runSpec({ seed, train: { epochs: 1 } }))).of('completed')[0]!.weightsHash;
      expect(await hash(1)).not.toBe(await hash(2));
    });

    it('needs no more tensors the longer it runs', async () => {
      const { tf } = engine;
      const counts: number[] = [];
      const spy = inMemoryData();
      const data: RunData = {
        ...spy,
        async *trainBatches(order) {
          for await (const batch of spy.trainBatches(order)) {
            counts.push(tf.memory().numTensors);
            yield batch;
          }
        },
      };
      const before = tf.memory().numTensors;
      await run(runSpec({ train: { epochs: 4, batchSize: 4 }, model: { dropout: 0.1 } }), { data });
      expect(tf.memory().numTensors).toBe(before);
      // 5 steps an epoch, each of which leaves the values of its batch (one tensor) until the epoch's end.
      const epochs = [0, 1, 2, 3].map(epoch => counts.slice(5 * epoch, 5 * epoch + 5));
      for (const [, , third, fourth, fifth] of epochs) {
        expect(fourth! - third!).toBe(1);
        expect(fifth! - fourth!).toBe(1);
      }
      expect(new Set(epochs.map(([, , third]) => third)).size).toBe(1);
    });
  });

  describe('a run that fails', () => {
    it('says at which step the loss stopped being a number', async () => {
      const before = engine.tf.memory().numTensors;
      const { of, failure } = await run(
        runSpec({ optimizer: { name: 'sgd', learningRate: 1e30 }, scheduler: { name: 'constant' } }),
      );
      expect(failure).toBe('nanLoss');
      expect(of('failed')).toMatchObject([{ failure: 'nanLoss', step: 2 }]);
      expect(of('failed')[0]!.message).toMatch(/not finite first: .* in step [12]\)/);
      expect(of('epoch')).toEqual([]);
      expect(engine.tf.memory().numTensors).toBe(before);
    });

    it.each([
      ['an unknown model', { model: { name: 'resnet19' } }, /model.name: expected one of resnet18/],
      ['an unknown optimizer', { optimizer: { name: 'adamx' } }, /optimizer.*adamx/],
      [
        'an unknown objective',
        { objective: { metric: 'accuracy' } },
        /objective.metric: expected one of trainLoss/,
      ],
      [
        'an objective of weights that are not averaged',
        { objective: { metric: 'emaValidationLoss' } },
        /objective.metric: expected one of trainLoss, .*, got emaValidationLoss/,
      ],
      [
        'a pattern that matches nothing',
        { train: { freeze: ['layer9.*'] } },
        /train.freeze: nothing in the model matches layer9\.\*/,
      ],
      ['a stem that leaves nothing', { model: { stemStride: 4, stemPool: 'max' } }, /8×8 are too small/],
      ['no whole batch', { train: { batchSize: 64, dropLast: true } }, /no batch of 64 in 20/],
    ])('for %s is a bad configuration', async (_, changes, message) => {
      const spec = runSpec();
      for (const [key, value] of Object.entries(changes)) Object.assign(spec[key as 'model'], value);
      const { of } = await run(spec);
      expect(of('failed')).toMatchObject([
        { failure: 'badConfiguration', message: expect.stringMatching(message) },
      ]);
    });

    it('for lack of memory says so, and the next one runs', async () => {
      const data = {
        ...inMemoryData(),
        trainBatches: () => {
          throw new RangeError('Array buffer allocation failed');
        },
      };
      const { of } = await run(runSpec(), { data });
      expect(of('failed')).toMatchObject([{ failure: 'outOfMemory' }]);
      expect((await run(runSpec({ train: { epochs: 1 } }))).of('completed')).toHaveLength(1);
    });
  });
}
