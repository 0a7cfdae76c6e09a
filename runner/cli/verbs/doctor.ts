import { type CheckedEntry, checkEntries } from '../../slots/check-entries.js';
import { slotEntries } from '../../slots/slots-file.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printJson, printLine } from '../output.js';
import { runTrainerTool } from '../trainer-tool.js';

type Own = Options<'slots' | 'json'>;

export async function diagnose({ json, engine, slots: file }: Own, context: CommandContext): Promise<void> {
  const { environment } = context;
  const entries = await checkEntries(await slotEntries(file), { engine: engine ?? null, environment });
  const slots = entries.flatMap(entry => entry.slots);
  const problems = entries.flatMap(({ name, problems: words }) => words.map(word => `${name}: ${word}`));
  if (json) {
    const report = await runTrainerTool(['doctor', '--json'], { engine, capture: true }, context);
    printJson(context, { ...JSON.parse(report), slots, problems });
  } else {
    await runTrainerTool(['doctor'], { engine }, context);
    printLine(context, file === undefined ? 'Slots:' : `Slots of ${file}:`);
    for (const entry of entries) for (const line of linesOf(entry)) printLine(context, `  ${line}`);
  }
  if (problems.length > 0) context.exitWith(1);
}

function linesOf({ name, slots, slotsJoin, problems }: CheckedEntry): string[] {
  if (problems.length > 0) return problems.map(words => `${name}: ${words}`);
  if (slotsJoin) return [`${name}: nothing is missing; its slots join while a grid runs`];
  return slots.map(({ slotId, device }) => `${slotId.padEnd(10)} ${device}`);
}
