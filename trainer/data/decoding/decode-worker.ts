/** Thread that decodes chunks: gets a task as its data, then messages {first, end}; answers with the bad images. */
import { parentPort, workerData } from 'node:worker_threads';
import type { SourceDescription } from '../sources/image-source.js';
import { openSource } from '../sources/open-source.js';
import { chunkDecoder, type DecodingTask } from './decode-chunk.js';

const { description, task } = workerData as { description: SourceDescription; task: DecodingTask };
const decode = chunkDecoder(openSource(description), task);
parentPort!.on('message', ({ first, end }: { first: number; end: number }) =>
  parentPort!.postMessage(decode(first, end)),
);
