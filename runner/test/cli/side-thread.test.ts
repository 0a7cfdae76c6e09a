import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { sideThread } from '../../cli/side-thread.js';

const program = (text: string) => new URL(`data:text/javascript,${encodeURIComponent(text)}`);

test('a thread that has broken down says so once, and nobody waits for its end', async () => {
  const said: string[] = [];
  const { close } = sideThread(program("throw new Error('broken')"), {}, error => said.push(error.message));
  while (said.length === 0) await sleep(10);
  await sleep(50);
  await close();
  await close();
  expect(said).toEqual(['broken']);
});

test('a thread ends when it is asked to, after what it still has to do', async () => {
  const { worker, close } = sideThread(
    program(`
      import { parentPort } from 'node:worker_threads';
      parentPort.once('message', () => setTimeout(() => parentPort.postMessage('done'), 100));
      parentPort.postMessage('there');
    `),
    {},
    () => {},
  );
  const said: string[] = [];
  worker.on('message', words => said.push(words));
  while (said.length === 0) await sleep(10);
  await close();
  expect(said).toEqual(['there', 'done']);
});
