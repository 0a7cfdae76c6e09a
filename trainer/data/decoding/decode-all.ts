import { Worker } from 'node:worker_threads';
import { machineShare } from '../../files/machine.js';
import type { ImageSource } from '../sources/image-source.js';
import { type BadImage, chunkDecoder, type DecodingTask } from './decode-chunk.js';

const chunkSize = 256;
/** Fewer images are decoded sooner than a thread starts. */
const imagesWorthAThread = 2000;
const mostThreads = 16;

/**
 * Decodes all images of a task into its `output`, in worker threads where there are many. Returns those that can't be
 * decoded, in order; `progress` is told the number of images done.
 */
export async function decodeAll(
  source: ImageSource,
  task: DecodingTask,
  progress: (done: number) => void = () => {},
): Promise<BadImage[]> {
  const count = task.images.length;
  const threads = Math.min(machineShare().cpus, mostThreads, Math.floor(count / imagesWorthAThread));
  if (threads === 0) return chunkDecoder(source, task)(0, count);
  const workers = Array.from(
    { length: threads },
    () =>
      new Worker(new URL('./decode-worker.js', import.meta.url), {
        workerData: { description: source.describe(), task },
      }),
  );
  const badOfChunk: BadImage[][] = [];
  let next = 0;
  let done = 0;
  const work = async (worker: Worker) => {
    while (next < count) {
      const first = next;
      const end = Math.min(first + chunkSize, count);
      next = end;
      badOfChunk[first / chunkSize] = await ask(worker, { first, end });
      done += end - first;
      progress(done);
    }
  };
  try {
    await Promise.all(workers.map(work));
  } finally {
    await Promise.all(workers.map(worker => worker.terminate()));
  }
  return badOfChunk.flat();
}

function ask(worker: Worker, message: unknown): Promise<BadImage[]> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      settle();
    };
    const onMessage = (bad: BadImage[]) => end(() => resolve(bad));
    const onError = (cause: Error) =>
      end(() => reject(new Error(`a decoding thread failed: ${cause.message}`, { cause })));
    const onExit = (code: number) =>
      end(() => reject(new Error(`a decoding thread ended with exit code ${code}`)));
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(message);
  });
}
