import { randomUUID } from 'node:crypto';

const tags = new WeakMap<object, string>();

/** A name for what was read once: no other reading has it, of this server or another. */
export function tagOf(reading: object): string {
  const tag = tags.get(reading) ?? randomUUID();
  tags.set(reading, tag);
  return tag;
}
