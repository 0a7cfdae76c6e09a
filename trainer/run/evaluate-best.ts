/** The figures and predictions of a finished run's best weights, written beside its checkpoints. */
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { normalizationOf } from '../augmentation/normalization.js';
import { epochOfWeights } from '../checkpoints/best-weights.js';
import { weightsPath } from '../checkpoints/checkpoint-store.js';
import { parse } from '../checkpoints/safetensors.js';
import {
  evaluation as evaluationSchema,
  predictions as predictionsSchema,
} from '../contract/answer-schemas.js';
import type { Evaluation } from '../contract/evaluation.js';
import { isOfAverage, type RunRequest } from '../contract/events.js';
import type { Predictions } from '../contract/predictions.js';
import type { Schema } from '../contract/schema.js';
import type { Engine } from '../engine/engine.js';
import { fittingJson } from '../files/checked-json.js';
import { temporaryName, writeDurably } from '../files/durable-file.js';
import { BatchUploader } from '../training/device-batch.js';
import { EvaluationSums } from '../training/evaluation-sums.js';
import { Network } from '../training/network.js';
import type { PreparedRun } from './prepare.js';
import type { Standing } from './standing.js';

/**
 * Evaluates the best weights (the last ones, if no epoch was the best), the averaged ones where the objective is of these, unless the
 * files of this very run are there.
 */
export async function evaluateBest(
  engine: Engine,
  { runDir, spec }: RunRequest,
  run: PreparedRun,
  { best, epoch: lastEpoch, weightsHash }: Standing,
): Promise<void> {
  const [figuresPath, predictionsPath] = [
    join(runDir, 'evaluation.json'),
    join(runDir, 'predictions.json'),
  ] as const;
  const epoch = best?.epoch ?? lastEpoch;
  const { fingerprint, split, image, classNames } = run.data;
  const areThere = await Promise.all([
    isOf(figuresPath, evaluationSchema, { epoch, weightsHash }),
    isOf(predictionsPath, predictionsSchema, { epoch, weightsHash }),
  ]);
  if (areThere.every(Boolean)) return;
  const weights = join(
    runDir,
    weightsPath(best === null ? 'last' : 'best', isOfAverage(spec.objective.metric)),
  );
  const file = parse(await readFile(weights), weights);
  const network = Network.fromWeights(run.model, engine, file, weights);
  const uploader = new BatchUploader(engine, image, normalizationOf(spec.augmentation, image.channels));
  const sums = new EvaluationSums(classNames);
  try {
    for await (const batch of run.data.validationBatches(spec.train.batchSize)) {
      const logits = engine.tf.tidy(() => network.evaluate(uploader.images(batch)));
      sums.add((await logits.data()) as Float32Array, batch.labels);
      logits.dispose();
      await nextTurn();
    }
  } finally {
    network.dispose();
    uploader.dispose();
  }
  // What these weights are, whatever became of the checkpoint that named them.
  const own = epochOfWeights(file.metadata) ?? epoch;
  const of = { version: 1, epoch: own, weightsHash } as const;
  await put(predictionsPath, { ...of, data: fingerprint, split, ...sums.predictions() });
  await put(figuresPath, { ...of, ...sums.figures() });
}

async function put(path: string, content: Evaluation | Predictions): Promise<void> {
  const temporary = temporaryName(path);
  await writeDurably(temporary, [Buffer.from(`${JSON.stringify(content)}\n`)]);
  await rename(temporary, path);
}

async function isOf(
  path: string,
  schema: Schema,
  { epoch, weightsHash }: { epoch: number; weightsHash: string },
): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const known = fittingJson<Evaluation | Predictions>(text, schema);
  return known?.epoch === epoch && known.weightsHash === weightsHash;
}
