/** Who writes TensorBoard's files of a `grid run`. */
import { parentPort, workerData } from 'node:worker_threads';
import { TensorboardFollower } from '../export/tensorboard/follow.js';
import { openStore } from '../store/open-store.js';
import { ResultsPaths } from '../store/run-paths.js';
import type { TensorboardOptions } from './tensorboard-thread.js';

const lookMs = 1000;

const { results, grid, folder } = workerData as TensorboardOptions;
const store = await openStore(results, { readOnly: true });
const follower = new TensorboardFollower({ store, grid, folder, paths: new ResultsPaths(results) });
let told = '';
const look = () => {
  try {
    follower.look();
    told = '';
  } catch (error) {
    // A full disk, another's long transaction: at the next look.
    const { message } = error as Error;
    if (message !== told)
      parentPort!.postMessage(`TensorBoard’s files are behind, and are tried again: ${message}`);
    told = message;
  }
};
look();
const timer = setInterval(look, lookMs);
parentPort!.once('message', () => {
  clearInterval(timer);
  look();
  store.close();
});
