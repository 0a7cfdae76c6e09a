import type { OpenSlot } from '../../slots/backend.js';
import { openTestFarm, slotOf, startAgent, temporaryFolder } from '../fixtures/farm.js';
import { outlivingConformance, slotConformance } from './conformance.js';

/** A slot of an agent of its own; both end with it. */
async function open(overFolder = false): Promise<OpenSlot> {
  const farm = await openTestFarm();
  const shared = temporaryFolder('shared');
  if (overFolder) await farm.farm.serve(shared);
  const { secret } = await farm.farm.tokens.add('box');
  const agent = startAgent(overFolder ? shared : farm.url, secret);
  const slot = await slotOf(farm, 'box/cpu0', agent);
  return Object.assign(Object.create(slot), {
    submit: (run: Parameters<OpenSlot['submit']>[0]) => slot.submit(run),
    attach: (...call: Parameters<OpenSlot['attach']>) => slot.attach(...call),
    async close() {
      await agent.end();
      await farm.close();
    },
  });
}

slotConformance('of an agent', () => open());
outlivingConformance('of an agent', () => open());
outlivingConformance('of an agent that shares a folder alone', () => open(true));
