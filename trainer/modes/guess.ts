/** Says what a folder of data seems to be, without an engine. */
import { text } from 'node:stream/consumers';
import { guessData } from '../data/guess/guess-data.js';

/** A folder as JSON on stdin → a DataGuess as JSON on stdout. */
export async function printGuess(): Promise<void> {
  const folder = JSON.parse(await text(process.stdin)) as string;
  process.stdout.write(`${JSON.stringify(guessData(folder))}\n`);
}
