import type { Slot } from '../../domain/slot.js';
import { openSlots, slotEntries } from '../../slots/slots-file.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printJson, printLine } from '../output.js';
import { runTrainerTool } from '../trainer-tool.js';

type Own = Options<'slots' | 'json'>;

export async function diagnose({ json, engine, slots: file }: Own, context: CommandContext): Promise<void> {
  const slots = await listSlots(file, engine, context);
  if (json) {
    const report = await runTrainerTool(['doctor', '--json'], { engine, capture: true }, context);
    printJson(context, { ...JSON.parse(report), slots });
    return;
  }
  await runTrainerTool(['doctor'], { engine }, context);
  printLine(context, file === undefined ? 'Slots:' : `Slots of ${file}:`);
  for (const { slotId, device } of slots) printLine(context, `  ${slotId.padEnd(10)} ${device}`);
}

async function listSlots(
  file: string | undefined,
  engine: string | undefined,
  { environment }: CommandContext,
): Promise<Slot[]> {
  const entries = await slotEntries(file);
  const slots = await openSlots(entries, { engine: engine ?? null, environment });
  const opened = slots.all;
  await slots.close();
  return opened.map(({ slotId, backend, device }) => ({ slotId, backend, device }));
}
