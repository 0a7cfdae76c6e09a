import { gridSchema } from '../../grid/schema/schema.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printLine } from '../output.js';

export async function printSchema(_options: Options, context: CommandContext): Promise<void> {
  printLine(context, JSON.stringify(gridSchema(), null, 2));
}
