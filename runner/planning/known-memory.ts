import type { MemoryUse } from '../../trainer/contract/events.js';
import type { RunSpec } from '../../trainer/contract/run-spec.js';
import type { Cell } from '../domain/cell.js';
import { isWhole } from '../domain/run-state.js';
import type { SchedulerEvent } from '../domain/scheduler-event.js';
import type { SharedMemory } from '../domain/slot.js';
import type { MeasuredMemory } from '../domain/stored.js';
import { canonicalJson } from '../grid/identity/canonical-json.js';

interface Measure extends MemoryUse {
  engine: string | null;
  /** Of a run from its beginning to its end. */
  isWhole: boolean;
}

/** What cells of a grid need of memory, by what runs of like ones have held: before, and as the grid runs. */
export class KnownMemory {
  readonly #measures = new Map<string, Measure[]>();
  readonly #specs: ReadonlyMap<string, Readonly<RunSpec>>;
  /** By cell, of its run that is under way. */
  readonly #running = new Map<string, Measure>();
  readonly #engines = new Map<string, string>();

  constructor(cells: readonly Cell[], measured: readonly MeasuredMemory[]) {
    this.#specs = new Map(cells.map(({ cellId, spec }) => [cellId, spec]));
    for (const { cellId, ...measure } of measured) this.#add(cellId, measure);
  }

  /**
   * In MB; undefined: nothing like it has been measured. The least that a whole run has held, since a process that has had other runs
   * before may hold what it needs no more; before there is one, the most that was seen.
   *
   * @param engine the one it would be on, where that is known: what was measured on it counts before all else
   */
  megabytesOf({ spec }: Pick<Cell, 'spec'>, of: SharedMemory['of'], engine?: string): number | undefined {
    const all = this.#measures.get(needs(spec)) ?? [];
    const onEngine = all.filter(measure => measure.engine === engine);
    const known = (measures: readonly Measure[]) =>
      measures.flatMap(({ megabytes, gpuMegabytes, isWhole }) => {
        const value = of === 'gpu' ? gpuMegabytes : megabytes;
        return value === null ? [] : [{ value, isWhole }];
      });
    const own = known(onEngine);
    const values = own.length > 0 ? own : known(all);
    const whole = values.filter(({ isWhole }) => isWhole).map(({ value }) => value);
    if (whole.length > 0) return Math.min(...whole);
    return values.length === 0 ? undefined : Math.max(...values.map(({ value }) => value));
  }

  observe(event: SchedulerEvent): void {
    if (event.type === 'runEnded') {
      const measure = this.#running.get(event.cellId);
      if (measure !== undefined) measure.isWhole = isWhole(event.state);
      this.#running.delete(event.cellId);
    } else if (event.type === 'trainer' && event.event.type === 'started') {
      const engine = event.event.provenance?.engine.name;
      if (engine !== undefined) this.#engines.set(event.cellId, engine);
    } else if (event.type === 'trainer' && event.event.type === 'memory')
      this.#see(event.cellId, event.event);
  }

  #see(cellId: string, { megabytes, gpuMegabytes }: MemoryUse): void {
    const before = this.#running.get(cellId);
    const engine = this.#engines.get(cellId) ?? null;
    const measure = before ?? { megabytes, gpuMegabytes, engine, isWhole: false };
    if (before === undefined && this.#add(cellId, measure)) this.#running.set(cellId, measure);
    measure.megabytes = Math.max(measure.megabytes, megabytes);
    if (gpuMegabytes !== null) measure.gpuMegabytes = Math.max(measure.gpuMegabytes ?? 0, gpuMegabytes);
  }

  /** False: it is no cell of the grid. */
  #add(cellId: string, measure: Measure): boolean {
    const spec = this.#specs.get(cellId);
    if (spec === undefined) return false;
    const key = needs(spec);
    this.#measures.set(key, [...(this.#measures.get(key) ?? []), measure]);
    return true;
  }
}

const keys = new WeakMap<Readonly<RunSpec>, string>();

/** Equal for cells that need the same memory: those that differ in seed, schedule, or how much of something there is of. */
function needs(spec: Readonly<RunSpec>): string {
  const known = keys.get(spec);
  if (known !== undefined) return known;
  const { model, data, trainer, optimizer, augmentation, params } = spec;
  const { epochs: _, ...train } = spec.train;
  const key = canonicalJson({
    ...{ model, trainer, train, augmentation },
    data: { ...data, root: undefined, validation: { ...data.validation, seed: undefined } },
    // What it is called says what state it keeps, and flags say whether there is more of it.
    optimizer: Object.fromEntries(Object.entries(optimizer).filter(([, value]) => typeof value !== 'number')),
    params: trainer === null ? {} : params,
  });
  keys.set(spec, key);
  return key;
}
