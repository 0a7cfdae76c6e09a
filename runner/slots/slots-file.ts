import type { EngineName } from '../../trainer/contract/events.js';
import type { Schema } from '../../trainer/contract/schema.js';
import { checkValue, describeValue } from '../grid/yaml/check-value.js';
import { suggestion } from '../grid/yaml/nearest.js';
import { readText } from '../grid/yaml/read-text.js';
import { Reporter } from '../grid/yaml/reporter.js';
import { parseSource } from '../grid/yaml/source.js';
import type { Ask } from '../trainer-client/ask-trainer.js';
import { EngineMissingError, type OfferedEngine, type SlotContext } from '../trainer-client/trainer-run.js';
import type { OpenSlot, SlotBackend } from './backend.js';
import { type NotifyEntry, notifySchema } from './notify-entries.js';
import { slotBackends } from './registry.js';
import { SlotSet } from './slot-set.js';

/** An entry of a slots file: where slots are opened. */
export interface SlotEntry {
  backend: SlotBackend;
  settings: unknown;
  /** An hour of a slot, in whatever unit; absent: nothing. */
  price?: number;
}

/** What is used without a slots file: whatever this machine has. */
export const defaultSlotEntries: readonly SlotEntry[] = [
  { backend: slotBackends.local as SlotBackend, settings: {} },
];

/**
 * Reads a slots file: `slots:` with a list of entries, each `backend:` and that backend's keys.
 *
 * @throws GridError with every problem at its line and column
 */
export const loadSlotsFile = async (path: string): Promise<SlotEntry[]> => (await loadFile(path)).entries;

/** Where people are told of a grid, as a slots file says; without a file: nowhere. Rejects as `loadSlotsFile`. */
export const notifyEntries = async (file: string | undefined): Promise<readonly NotifyEntry[]> =>
  file === undefined ? [] : (await loadFile(file)).notify;

/** Whether TensorBoard's files are written as the run goes, as a slots file says. Rejects as `loadSlotsFile`. */
export const isForTensorboard = async (file: string | undefined): Promise<boolean> =>
  file !== undefined && (await loadFile(file)).tensorboard;

interface SlotsFile {
  entries: SlotEntry[];
  notify: NotifyEntry[];
  tensorboard: boolean;
}

async function loadFile(path: string): Promise<SlotsFile> {
  const { value, source } = parseSource(path, await readText(path));
  const report = new Reporter(source);
  const entries: SlotEntry[] = [];
  if (checkValue(fileSchema, value, [], report, 'a slots file'))
    for (const [index, entry] of (
      value as { slots: { backend: string; price?: number }[] }
    ).slots.entries()) {
      const { backend: name, price, ...settings } = entry;
      const backend = Object.hasOwn(slotBackends, name)
        ? (slotBackends as Record<string, SlotBackend<never>>)[name]
        : undefined;
      if (backend === undefined)
        report.add(
          ['slots', index, 'backend'],
          `unknown backend ${describeValue(name)}${suggestion(name, Object.keys(slotBackends))}`,
        );
      else if (checkValue(backend.schema as Schema, settings, ['slots', index], report, `backend ${name}`))
        entries.push({ backend, settings, ...(price !== undefined && { price }) });
    }
  report.throwIfAny();
  const { notify = [], tensorboard = false } = value as Partial<Omit<SlotsFile, 'entries'>>;
  return { entries, notify, tensorboard };
}

/** Those of a slots file; without one, whatever this machine has. Rejects as `loadSlotsFile`. */
export const slotEntries = async (file: string | undefined): Promise<readonly SlotEntry[]> =>
  file === undefined ? defaultSlotEntries : loadSlotsFile(file);

const fileSchema: Schema = {
  type: 'object',
  required: ['slots'],
  additionalProperties: false,
  properties: {
    notify: notifySchema,
    tensorboard: {
      type: 'boolean',
      description:
        'whether files for TensorBoard are written as the run goes, into tensorboard/ of the results',
    },
    slots: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['backend'],
        properties: {
          backend: { type: 'string', description: 'kind of slot, e.g. local' },
          price: {
            type: 'number',
            minimum: 0,
            description: 'what an hour of one of its slots costs, for --budget',
          },
        },
      },
    },
  },
};

/** Asks questions where the slots of an entry are. */
export const askOf =
  ({ backend, settings }: SlotEntry, context: SlotContext): Ask =>
  question =>
    backend.ask(settings, question, context);

/** An entry as messages call it. */
export interface NamedEntry {
  name: string;
  entry: SlotEntry;
}

/** The entries that questions may be answered differently by: those that are written alike are one. */
export function distinctEntries(entries: readonly SlotEntry[]): NamedEntry[] {
  const distinct = new Map<string, NamedEntry>();
  for (const [index, entry] of entries.entries()) {
    const key = JSON.stringify([entry.backend.name, entry.settings]);
    if (!distinct.has(key)) distinct.set(key, { name: entryName(index, entry), entry });
  }
  return [...distinct.values()];
}

/** As messages call it. */
export const entryName = (index: number, { backend }: SlotEntry) => `slots[${index}] (${backend.name})`;

/** Opens the slots of all entries. Rejects with words for the user, and with none left open, if one can't be opened. */
export async function openSlots(entries: readonly SlotEntry[], context: SlotContext): Promise<SlotSet> {
  const slots = new SlotSet();
  try {
    for (const entry of entries) for (const slot of await openEntry(entry, context, slots)) slots.join(slot);
    return slots;
  } catch (error) {
    await slots.close();
    throw error;
  }
}

/** Opens those slots of the entries that aren't among the open ones already, and returns them. Rejects as `openSlots`. */
export async function addSlots(
  slots: SlotSet,
  entries: readonly SlotEntry[],
  context: SlotContext,
): Promise<OpenSlot[]> {
  const fresh = new Map<string, OpenSlot>();
  try {
    for (const entry of entries)
      for (const slot of await openEntry(entry, context, slots)) {
        if (slots.has(slot.slotId) || fresh.has(slot.slotId)) await slot.close();
        else fresh.set(slot.slotId, slot);
      }
    for (const slot of fresh.values()) slots.join(slot);
  } catch (error) {
    await Promise.all([...fresh.values()].map(slot => slot.close()));
    throw error;
  }
  return [...fresh.values()];
}

async function openEntry(
  { backend, settings, price = 0 }: SlotEntry,
  context: SlotContext,
  slots: SlotSet,
): Promise<OpenSlot[]> {
  const opened = await backend.open(settings, context, slots);
  slots.mayGrow ||= backend.slotsJoin === true;
  slots.price(opened, price, backend.slotsJoin === true);
  return opened;
}

/**
 * The engine of each entry's slots: the one that they take by themselves, or `wanted`, unless the user has asked for another.
 *
 * @throws EngineMissingError naming the entry
 */
export async function askEngines(
  entries: readonly SlotEntry[],
  context: SlotContext,
  wanted?: EngineName,
): Promise<OfferedEngine[]> {
  const engines: OfferedEngine[] = [];
  for (const [index, entry] of entries.entries()) {
    const { backend, settings } = entry;
    try {
      engines.push(await backend.engine(settings, { ...context, engine: context.engine ?? wanted ?? null }));
    } catch (error) {
      if (!(error instanceof EngineMissingError) || entries.length === 1) throw error;
      throw new EngineMissingError(`${entryName(index, entry)}: ${error.message}`, { cause: error });
    }
  }
  return engines;
}
