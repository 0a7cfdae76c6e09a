import type { Profile, ProfileRequest } from '../../contract/profile.js';
import type { Batch } from '../../data/batch.js';
import { followGradients } from '../../engine/custom-gradient.js';
import { aroundKernels } from '../../engine/time-kernels.js';
import { parameterCount } from '../../models/model.js';
import { type DryRun, openDryRun } from '../../run/dry-run.js';
import type { RunEnvironment } from '../../run/run-environment.js';
import type { StepParts } from '../../training/step-parts.js';
import { followedBack, followedModel } from './follow-layers.js';
import { Recorder } from './recorder.js';

const warmUpSteps = 2;

interface TimedStep {
  /** Milliseconds. */
  step: number;
  wait: number;
  images: number;
}

/** Where the time of a training step goes. Writes nothing. */
export async function profile(
  request: ProfileRequest,
  environment: Pick<RunEnvironment, 'engine' | 'openData'>,
): Promise<Profile> {
  const { engine } = environment;
  const recorder = new Recorder();
  const dryRun = await openDryRun(request, environment, model => followedModel(model, recorder));
  const batches = dryRun.batches();
  const learningRate = request.spec.optimizer.learningRate as number;
  const timedParts: StepParts = {
    ...dryRun.session,
    onGradients: () => recorder.enter('update', '(optimizer)'),
  };
  const plain: TimedStep[] = [];
  const timed: TimedStep[] = [];
  try {
    for (let step = -warmUpSteps; step < request.steps; step++) {
      const measured = await timeStep(dryRun, batches, { learningRate });
      if (step < 0) continue;
      plain.push(measured);
      // In turns, so that a machine that slows down meanwhile slows both down.
      const undo = [
        followGradients(engine.tf, followedBack(recorder)),
        aroundKernels(engine, recorder.around),
      ];
      timed.push(
        await timeStep(dryRun, batches, { learningRate, recorder, parts: timedParts }).finally(() => {
          for (const restore of undo) restore();
        }),
      );
    }
    return {
      engine: engine.info,
      batchSize: request.spec.train.batchSize,
      parameters: parameterCount(dryRun.run.model),
      step: summary(plain),
      timedMilliseconds: mean(timed.map(({ step }) => step)),
      isSynchronous: engine.info.device.startsWith('cpu'),
      phases: recorder.phases(request.steps),
      entries: recorder.entries(request.steps),
      peakMemoryMegabytes: process.resourceUsage().maxRSS / 1e3,
    };
  } finally {
    await batches.return(undefined as never);
    dryRun.dispose();
  }
}

async function timeStep(
  dryRun: DryRun,
  batches: AsyncGenerator<Batch, never>,
  { learningRate, recorder, parts }: { learningRate: number; recorder?: Recorder; parts?: StepParts },
): Promise<TimedStep> {
  const asked = performance.now();
  const { value: batch } = await batches.next();
  const start = performance.now();
  recorder?.start();
  const values = dryRun.step(batch, learningRate, parts);
  // The device has done its part once the loss is there.
  await values.data();
  recorder?.stop();
  values.dispose();
  return { step: performance.now() - start, wait: start - asked, images: batch.size };
}

function summary(times: readonly TimedStep[]): Profile['step'] {
  const steps = times.map(({ step }) => step);
  const milliseconds = mean(steps);
  const wait = mean(times.map(time => time.wait));
  const squares = steps.reduce((sum, step) => sum + (step - milliseconds) ** 2, 0);
  return {
    count: times.length,
    milliseconds,
    deviation: Math.sqrt(squares / Math.max(1, times.length - 1)),
    imagesPerSecond: (1000 * mean(times.map(({ images }) => images))) / (milliseconds + wait),
    dataWaitShare: wait / (milliseconds + wait),
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
