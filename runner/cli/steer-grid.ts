import { type Answered, steer, type Wish } from '../scheduler/steer.js';
import type { CommandContext } from './context.js';
import type { Options } from './options.js';
import { printJson, printLine } from './output.js';
import { withWriter } from './with-store.js';

/** Asks for something and says what became of each part of it; 1 is the exit code where something was refused. */
export async function steerGrid(
  wish: Wish,
  options: Options<'json'>,
  context: CommandContext,
): Promise<void> {
  const answers = await withWriter(options, store => steer(store, wish));
  if (options.json) printJson(context, { answers });
  else printAnswers(answers, context);
  if (answers.some(({ outcome }) => outcome === 'refused')) context.exitWith(1);
}

export function printAnswers(answers: readonly Answered[], context: CommandContext): void {
  for (const { subject, outcome, answer } of answers)
    printLine(context, `${subject}: ${outcome === 'refused' ? 'refused: ' : ''}${answer}`);
}
