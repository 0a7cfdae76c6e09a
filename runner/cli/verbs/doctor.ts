import type { Slot } from '../../domain/slot.js';
import { type AddCommand, type CommandContext, type GlobalOptions, optionsOf } from '../context.js';
import { printJson, printLine } from '../output.js';

interface DoctorOptions extends GlobalOptions {
  slots?: string;
  json?: boolean;
}

export const addDoctor: AddCommand = (program, context) => {
  program
    .command('doctor')
    .summary('which engines and slots this machine has, and how to get a better engine')
    .description(
      'Says which engines, devices and slots this machine has, and the command that gets a better engine.',
    )
    .option('--slots <file>', 'slots file; default: what this machine has')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  grid doctor\n  grid doctor --slots grids/slots.example.yaml\n  grid doctor --json',
    )
    .action(async (_, command) => diagnose(optionsOf<DoctorOptions>(command), context));
};

async function diagnose(
  { json = false, engine, slots: file }: DoctorOptions,
  context: CommandContext,
): Promise<void> {
  const { runTrainerTool } = await import('../trainer-tool.js');
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
  const { closeSlots, defaultSlotEntries, loadSlotsFile, openSlots } = await import(
    '../../slots/slots-file.js'
  );
  const entries = file === undefined ? defaultSlotEntries : await loadSlotsFile(file);
  const slots = await openSlots(entries, { engine: engine ?? null, environment });
  await closeSlots(slots);
  return slots.map(({ slotId, backend, device }) => ({ slotId, backend, device }));
}
