/**
 * A checkpoint of 100 MB from an agent over a link of 100 Mbit/s that loses 1% of the packets, beside `curl -T` of as many bytes to a server that
 * writes them to a file: undisturbed, and with the link cut for 10 s in the middle. Needs root, iproute2 and nftables.
 */
import { randomBytes } from 'node:crypto';
import { createWriteStream, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { startOn } from '../slots/submission.js';
import { openTestFarm, slotOf, startAgent, temporaryFolder } from '../test/fixtures/farm.js';
import { fixtureSpec } from '../test/fixtures/run-spec.js';
import { slotRun } from '../test/fixtures/slot-run.js';
import { bytesCameIn, lossyLink, noLossyLink } from './fixtures/lossy-link.js';

const bytes = 100e6;
const cutMs = 10_000;
const port = 7463;
const trainer = {
  command: [process.execPath, fileURLToPath(new URL('./fixtures/checkpoint-trainer.js', import.meta.url))],
  persistent: true,
};

/** Seconds, and the share of the content's bytes that came over the link (its headers, and what was sent again, with it). */
interface Sending {
  seconds: number;
  share: number;
}

type Sender = () => Promise<{ send(): Promise<void>; close(): Promise<void> }>;

const senders: Record<string, Sender> = {
  async 'grid agent'() {
    const farm = await openTestFarm();
    await farm.farm.listen({ address: `${lossyLink.address}:${port}`, tls: null, insecure: true });
    const { secret } = await farm.farm.tokens.add('box');
    const agent = startAgent(`http://${lossyLink.address}:${port}`, secret, {
      through: lossyLink.far,
      more: ['--insecure'],
    });
    const slot = await slotOf(farm, 'box/cpu0', agent);
    let seed = 0;
    return {
      async send() {
        const spec = fixtureSpec({ seed: ++seed, epochs: 1, trainer, params: { bytes } });
        const handle = startOn(slot, slotRun(spec));
        for await (const _ of handle.events);
        const exit = await handle.exit;
        if (exit.outcome !== 'completed') throw new Error(JSON.stringify(exit));
      },
      async close() {
        await agent.end();
        await farm.close();
      },
    };
  },
  async 'curl -T'() {
    const folder = temporaryFolder('link');
    const file = join(folder, 'sent');
    writeFileSync(file, randomBytes(bytes));
    const server = createServer(async (request, response) => {
      await pipeline(request, createWriteStream(join(folder, 'came'), { flush: true })).catch(() => {});
      response.end();
    });
    await new Promise<void>(resolve => server.listen(port + 1, lossyLink.address, resolve));
    const [program, ...words] = [
      ...lossyLink.far,
      'curl',
      '-sf',
      '-T',
      file,
      `http://${lossyLink.address}:${port + 1}/`,
    ];
    return {
      send: async () => void (await execa(program!, words)),
      close: async () => void server.close(),
    };
  },
};

async function measure(send: () => Promise<void>, isCut: boolean): Promise<Sending> {
  const before = bytesCameIn();
  const began = performance.now();
  const sending = send();
  if (isCut) {
    while (bytesCameIn() - before < bytes / 2) await sleep(20);
    lossyLink.cut();
    await sleep(cutMs);
    lossyLink.mend();
  }
  await sending;
  return { seconds: (performance.now() - began) / 1000, share: (bytesCameIn() - before) / bytes };
}

async function bench(): Promise<void> {
  const repeats = 3;
  const results = new Map<string, Sending[]>();
  for (const [name, open] of Object.entries(senders)) {
    const { send, close } = await open();
    try {
      for (const isCut of [false, true]) {
        const sendings: Sending[] = [];
        for (let repeat = 0; repeat < repeats; repeat++) sendings.push(await measure(send, isCut));
        results.set(`${name}${isCut ? `, cut for ${cutMs / 1000} s` : ''}`, sendings);
      }
    } finally {
      await close();
    }
  }
  console.log(
    `${bytes / 1e6} MB, 100 Mbit/s, 1% loss each way, n = ${repeats}, load ${loadavg()[0]!.toFixed(1)}: seconds (median and range), and bytes over the link by those of the content`,
  );
  for (const [name, sendings] of results) {
    const seconds = sendings.map(each => each.seconds).sort((a, b) => a - b);
    const range = `${seconds[0]!.toFixed(1)}–${seconds.at(-1)!.toFixed(1)}`;
    const most = Math.max(...sendings.map(({ share }) => share));
    console.log(
      `${name.padEnd(28)} ${seconds[repeats >> 1]!.toFixed(1)} s (${range}), at most ${most.toFixed(2)} ×`,
    );
  }
}

if (noLossyLink !== undefined) console.log(`skipped: ${noLossyLink}`);
else if (process.argv[2] === 'near') await bench();
else
  try {
    lossyLink.up();
    const [program, ...words] = [...lossyLink.near, process.execPath, fileURLToPath(import.meta.url), 'near'];
    await execa(program!, words, { stdio: 'inherit', env: lossyLink.environment });
  } finally {
    lossyLink.down();
  }
