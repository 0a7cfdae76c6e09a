import { GridfarmError } from '../domain/error.js';
import { askOf, distinctEntries, type NamedEntry, type SlotEntry } from '../slots/slots-file.js';
import type { Ask } from '../trainer-client/ask-trainer.js';
import type { SlotContext } from '../trainer-client/trainer-run.js';

/**
 * Asks wherever slots are to be, and the answers must be the same. Only what can be compared as a whole is asked so.
 *
 * @param subject what differs if they do: `init's weights`
 * @throws GridfarmError `environment` naming two entries that answer differently; what an entry's `ask` throws, named where there are several
 */
export function askEntries(entries: readonly SlotEntry[], context: SlotContext, subject: string): Ask {
  const distinct = distinctEntries(entries);
  return async question => {
    const answers = [];
    for (const named of distinct) {
      const answer = await askNamed(named, distinct.length, context)<never>(question);
      answers.push({ name: named.name, answer, text: JSON.stringify(answer) });
    }
    const [first, ...others] = answers;
    const other = others.find(({ text }) => text !== first!.text);
    if (other !== undefined)
      throw new GridfarmError(
        'environment',
        `${subject}: ${first!.name} and ${other.name} find different ones; results would not compare. Give both the same trainer and files, or run on one of them`,
      );
    return first!.answer;
  };
}

/** Asks where the slots of an entry are; what goes wrong says of which of several. */
export const askNamed =
  ({ name, entry }: NamedEntry, entries: number, context: SlotContext): Ask =>
  async question => {
    try {
      return await askOf(entry, context)(question);
    } catch (error) {
      if (entries === 1 || !(error instanceof GridfarmError)) throw error;
      throw new GridfarmError(error.kind, `${name}: ${error.message}`, { cause: error });
    }
  };
