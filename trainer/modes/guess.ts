/** Says what a folder of data seems to be, without an engine. */
import { text } from 'node:stream/consumers';
import { folder as folderSchema } from '../contract/request-schemas.js';
import { guessData } from '../data/guess/guess-data.js';
import { checkedJson } from '../files/checked-json.js';

/** A folder as JSON on stdin → a DataGuess as JSON on stdout. */
export async function printGuess(): Promise<void> {
  const folder = checkedJson<string>(await text(process.stdin), folderSchema, 'a folder');
  process.stdout.write(`${JSON.stringify(guessData(folder))}\n`);
}
