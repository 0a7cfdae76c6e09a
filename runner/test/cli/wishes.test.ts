import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { wishes } from '../../cli/wishes.js';

it('hears a wish once, the next one after half a second', async () => {
  let heard = 0;
  const signal = wishes(() => heard++);
  signal();
  signal();
  await sleep(100);
  signal();
  expect(heard).toBe(1);
  await sleep(600);
  signal();
  expect(heard).toBe(2);
});

it('takes a signal for an echo that came during a long piece of work', async () => {
  let heard = 0;
  const signal = wishes(() => {
    heard++;
    // The echo arrives now, and is handled after the work.
    process.kill(process.pid, 'SIGUSR2');
    const end = performance.now() + 800;
    while (performance.now() < end);
  });
  process.on('SIGUSR2', signal);
  process.kill(process.pid, 'SIGUSR2');
  await sleep(1500);
  process.off('SIGUSR2', signal);
  expect(heard).toBe(1);
});
