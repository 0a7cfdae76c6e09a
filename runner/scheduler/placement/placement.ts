/** What is known of cells and slots while a grid runs, and which cell goes to which slot for it. */
import type { EngineInfo } from '../../../trainer/contract/events.js';
import type { Cell } from '../../domain/cell.js';
import type { Failure } from '../../domain/run.js';
import type { SchedulerEvent, SchedulerObserver } from '../../domain/scheduler-event.js';
import type { SharedMemory } from '../../domain/slot.js';
import type { OpenSlot } from '../../slots/backend.js';
import type { Entry } from '../entry.js';
import type { RunRecorder } from '../run-cell.js';
import type { Item, Placing } from './cell-queue.js';
import { choose, hasPrecision, heldCell, isNearlyOver, type Waiting } from './choose.js';
import { DataPlaces } from './data-places.js';
import { MemoryPlaces, wholeMemory } from './memory-places.js';
import { outOfMemory } from './out-of-memory.js';
import { keyOf } from './section-key.js';
import type { SlotEngine } from './slot-engine.js';

/** Wall seconds of epochs, as far as like cells have been measured. */
export interface KnownTimes {
  epochSeconds(cell: Cell): number | undefined;
  /** Grows when more is known. */
  readonly version: number;
}

/** What cells need of memory, as far as like ones have been measured. */
export interface KnownMemory {
  megabytesOf(cell: Cell, of: SharedMemory['of'], engine?: string): number | undefined;
}

interface Slots {
  /** The one that is longest idle first. */
  readonly free: readonly OpenSlot[];
  readonly inUse: readonly OpenSlot[];
  readonly usable: number;
  /** It takes no more cells. */
  expire(slot: OpenSlot, reason: string): void;
}

interface PlacementOptions {
  store: Pick<RunRecorder, 'cellsById'>;
  observe: SchedulerObserver;
  slots: () => Slots;
  entries: ReadonlyMap<string, Entry>;
  times?: KnownTimes | undefined;
  memory?: KnownMemory | undefined;
  isStopped(): boolean;
}

const lookMs = 1000;

export class Placement implements Placing {
  readonly #options: PlacementOptions;
  /** Chosen, and not yet taken. */
  readonly #chosen = new Map<string, OpenSlot>();
  /** Models of which an epoch was finished. */
  readonly #tried = new Set<string>();
  /** How many cells of a model are under way. */
  readonly #underWay = new Map<string, number>();
  /** Finished epochs by cell. */
  readonly #epochs = new Map<string, number>();
  readonly #memory = new MemoryPlaces();
  /** Engines of the last runs by slot, and of the last epochs by cell. */
  readonly #seen = new Map<string, EngineInfo>();
  readonly #begunOn = new Map<string, EngineInfo | undefined>();
  readonly #data = new DataPlaces();
  /** Words of number formats that slots lack: said once. */
  readonly #lacks = new Set<string>();
  /** What runs where. */
  readonly #running = new Map<OpenSlot, Entry>();
  #next: OpenSlot | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PlacementOptions) {
    this.#options = options;
  }

  get hasFree(): boolean {
    // Before all cells are there, none is chosen: whoever asks then asks for each of them.
    return this.#timer !== undefined && this.#options.slots().free.length > 0;
  }

  get slots(): number {
    return this.#options.slots().usable;
  }

  get version(): number {
    return this.#options.times?.version ?? 0;
  }

  secondsOf(cellId: string): number | undefined {
    const { epochSeconds, epochsLeft } = this.#waiting(cellId, 0);
    return epochSeconds === undefined ? undefined : epochSeconds * epochsLeft;
  }

  choose(items: readonly Item[]): number | undefined {
    this.#next = undefined;
    // What waits is to learn of it.
    if (this.#options.isStopped()) return items.length > 0 ? 0 : undefined;
    const { free, inUse } = this.#options.slots();
    const taken = new Set(this.#chosen.values());
    const slots = this.#memory.oneOfEach(free.filter(slot => !taken.has(slot)));
    if (slots.length === 0) return undefined;
    const held = heldCell(items, slots);
    if (held !== undefined) {
      this.#next = slots[held.slot];
      return held.cell;
    }
    const found = choose(
      this.#inOrder(items),
      slots.map(slot => ({
        secondsLeft: secondsLeft(slot),
        memoryMegabytes: wholeMemory(slot),
        room: this.#memory.roomAt(slot, occupant => this.#needOf(occupant, slot)),
        engine: this.#engineOf(slot),
        data: slot.takesData ? this.#data.at(slot) : undefined,
      })),
      model => !this.#tried.has(model) && (this.#underWay.get(model) ?? 0) > 0,
      Math.max(0, ...inUse.map(slot => wholeMemory(slot) ?? 0)),
      inUse.filter(slot => !slots.includes(slot)).map(slot => this.#engineOf(slot)),
    );
    if (found === undefined) {
      this.#sayWhatLacks(items, slots);
      return undefined;
    }
    this.#next = slots[found.slot];
    return found.cell;
  }

  take(cellId: string): void {
    if (this.#next !== undefined) {
      this.#chosen.set(cellId, this.#next);
      this.#memory.enter(cellId, this.#next);
      this.#sendData(this.#next.slotId, cellId);
    }
    this.#next = undefined;
    this.#count(cellId, 1);
  }

  /** The slot that was chosen for a cell that was taken, if it was. */
  slotFor({ cellId }: Entry): OpenSlot | undefined {
    const slot = this.#chosen.get(cellId);
    this.#chosen.delete(cellId);
    return slot;
  }

  left({ cellId }: Entry): void {
    this.#chosen.delete(cellId);
    this.#memory.leave(cellId);
    this.#count(cellId, -1);
  }

  observe(event: SchedulerEvent): void {
    if (event.type === 'runStarted') {
      const slot = this.#options.slots().inUse.find(({ slotId }) => slotId === event.slotId);
      const entry = this.#options.entries.get(event.cellId);
      if (slot === undefined || entry === undefined) return;
      this.#running.set(slot, entry);
      this.#memory.enter(event.cellId, slot);
    } else if (event.type === 'trainer' && event.event.type === 'started') {
      this.#sendData(event.slotId, event.cellId);
      const engine = event.event.provenance?.engine;
      if (engine === undefined) return;
      this.#seen.set(event.slotId, engine);
      this.#begunOn.set(event.cellId, engine);
      this.#verify(event.slotId, engine);
    } else if (event.type === 'trainer' && event.event.type === 'memory') {
      this.#memory.held(event.cellId, event.event);
    } else if (event.type === 'trainer' && event.event.type === 'epoch') {
      this.#epochs.set(event.cellId, event.event.epoch);
      this.#tried.add(this.#modelOf(event.cellId));
    } else if (event.type === 'runEnded') {
      const [slot] = [...this.#running].find(([, { cellId }]) => cellId === event.cellId) ?? [];
      if (slot === undefined) return;
      this.#running.delete(slot);
      this.#memory.leave(event.cellId);
    }
  }

  /** What to say of a run that has ended so, now that its cell goes where there is more memory, if it does. */
  explain(slot: OpenSlot, cellId: string, failure: Failure): Failure {
    if (failure.class !== 'outOfMemory') return failure;
    return outOfMemory(failure, this.#memory.ranOut(cellId, slot, this.#options.slots().inUse));
  }

  mayHaveMore(cellId: string): boolean {
    return this.#memory.mayHaveMore(cellId, this.#options.slots().inUse);
  }

  /** Looks after slots whose time ends: they take no more cells, and what runs there ends in time, to go on elsewhere. */
  watch(): void {
    this.#timer = setInterval(() => this.#look(), lookMs);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { slots } = this.#options;
    for (const slot of slots().inUse) {
      const entry = this.#running.get(slot);
      const epochSeconds = entry && this.#waiting(entry.cellId, 0).epochSeconds;
      if (!isNearlyOver(secondsLeft(slot), epochSeconds)) continue;
      if (entry !== undefined) this.#moveOn(entry);
      slots().expire(slot, 'its time is nearly over');
    }
  }

  /** Its data are on the slot's machine from now on, or on their way. */
  #sendData(slotId: string, cellId: string): void {
    const entry = this.#options.entries.get(cellId);
    if (entry !== undefined) this.#data.send(slotId, entry.queued.cell.spec.data);
  }

  /** A machine that says it has a GPU, and trains without: what it tells of its memory and of its worth isn't true. */
  #verify(slotId: string, { name, device }: EngineInfo): void {
    const [slot, entry] = [...this.#running].find(([one]) => one.slotId === slotId) ?? [];
    if (slot?.saysGpu !== true || (name === 'tensorflow' && !/^cpu\b/.test(device))) return;
    if (entry !== undefined) this.#moveOn(entry);
    const reason = `it is offered as ${slot.device}, and its trainer runs on ${name} (${device}): give it CPU slots (cpus), or set up an engine for GPUs there (grid setup)`;
    this.#options.slots().expire(slot, reason);
  }

  /** Its run ends after the epoch, to go on elsewhere. */
  #moveOn(entry: Entry): void {
    if (entry.isMoving) return;
    entry.isMoving = true;
    entry.handle?.drain();
  }

  *#inOrder(items: readonly Item[]): Iterable<Waiting> {
    for (const { id, priority } of items) yield this.#waiting(id, priority);
  }

  #waiting(cellId: string, priority: number): Waiting {
    const { entries, times, memory } = this.#options;
    const { cell, fromEpoch } = entries.get(cellId)!.queued;
    const done = this.#epochs.get(cellId) ?? fromEpoch;
    return {
      priority,
      epochSeconds: times?.epochSeconds(cell),
      epochsLeft: Math.max(0, cell.spec.train.epochs - done),
      model: this.#modelOf(cellId),
      outgrew: this.#memory.outgrew(cellId),
      isAlone: this.#memory.isAlone(cellId),
      megabytesOn: ({ room, engine: { seen, offered } }) =>
        room?.isMeasured ? memory?.megabytesOf(cell, room.of, (seen ?? offered)?.name) : undefined,
      precision: cell.spec.train.precision,
      data: this.#data.keyOf(cell.spec.data),
      begunOn: done > 0 && cell.spec.trainer === null ? this.#begunOnOf(cellId) : undefined,
    };
  }

  #needOf(cellId: string, slot: OpenSlot): number | undefined {
    const { entries, memory } = this.#options;
    const { seen, offered } = this.#engineOf(slot);
    const cell = entries.get(cellId)?.queued.cell;
    return cell && slot.shares && memory?.megabytesOf(cell, slot.shares.of, (seen ?? offered)?.name);
  }

  #begunOnOf(cellId: string): EngineInfo | undefined {
    if (!this.#begunOn.has(cellId)) {
      const stored = this.#options.store.cellsById([cellId]).get(cellId);
      this.#begunOn.set(cellId, stored?.provenance?.engine);
    }
    return this.#begunOn.get(cellId);
  }

  #engineOf({ slotId, engine }: OpenSlot): SlotEngine {
    return { seen: this.#seen.get(slotId), offered: engine };
  }

  #sayWhatLacks(items: readonly Item[], slots: readonly OpenSlot[]): void {
    for (const { id } of items) {
      const { precision } = this.#waiting(id, 0);
      for (const slot of slots) {
        if (hasPrecision({ precision }, { engine: this.#engineOf(slot) })) continue;
        const { name, device } = slot.engine!;
        const words = `${slot.slotId} trains on ${name} (${device}), which has no ${precision}: cells in it wait for another slot`;
        if (!this.#lacks.has(words)) this.#options.observe({ type: 'slotNews', words });
        this.#lacks.add(words);
      }
    }
  }

  #modelOf(cellId: string): string {
    return keyOf(this.#options.entries.get(cellId)!.queued.cell.spec.model);
  }

  #count(cellId: string, change: 1 | -1): void {
    const model = this.#modelOf(cellId);
    this.#underWay.set(model, (this.#underWay.get(model) ?? 0) + change);
  }
}

const secondsLeft = (slot: OpenSlot) => slot.secondsLeft?.() ?? Number.POSITIVE_INFINITY;
