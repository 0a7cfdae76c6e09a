import type { EpochRecord, TrainerEvent } from '../../trainer/contract/events.js';
import type { RunSpec } from '../../trainer/contract/run-spec.js';
import type { DroppedLine } from './event-reader.js';

/** Kinds of dropped lines, and epoch numbers, that a message names. */
const named = 4;
const shownCharacters = 120;

/** The line that a program lacks. */
const completedLine = '{"type":"completed"}';

/**
 * What a run has reported, beside what its RunSpec promises: `train.epochs` epochs, and the objective's metric. A trainer that
 * ends well is believed only as far as that goes.
 */
export class RunReport {
  readonly #promised: number;
  readonly #metric: string;
  /** Times that each epoch was reported. */
  readonly #times = new Map<number, number>();
  readonly #metrics = new Set<string>();
  readonly #dropped: { count: number; first?: DroppedLine; problems: Map<string, number> };
  /** Added to each epoch: 1 for a program that counts from 0. */
  #offset: 0 | 1 = 0;
  /** The last finished epoch: at first that of the runs before. */
  #last: number;
  /** Whether this run has said where it is. */
  #begun = false;
  /** The epoch after which it began anew, if it did. */
  #startedOverAfter: number | undefined;
  /** Two epochs that came in the wrong order. */
  #disordered: [number, number] | undefined;
  /** What the `completed` line says; undefined without one. */
  #completed: number | undefined;
  readonly #before: number;

  /** `finishedEpochs`: those on record from runs before. */
  constructor({ train, objective }: Pick<RunSpec, 'train' | 'objective'>, finishedEpochs: number) {
    this.#promised = train.epochs;
    this.#metric = objective.metric;
    this.#before = finishedEpochs;
    this.#last = finishedEpochs;
    this.#dropped = { count: 0, problems: new Map() };
  }

  /** Finished epochs, those of the runs before included where this one goes on after them. */
  get epoch(): number {
    return this.#last;
  }

  get isWhole(): boolean {
    return this.#last >= this.#promised;
  }

  /** Takes note of an event. Returns it with its epochs numbered from 1. */
  take(event: TrainerEvent): TrainerEvent {
    switch (event.type) {
      case 'started': {
        if (event.history.some(({ epoch }) => epoch === 0)) this.#offset = 1;
        const history = event.history.map(record => ({ ...record, epoch: record.epoch + this.#offset }));
        for (const record of history) this.#add(record);
        this.#last = event.resumedFromEpoch;
        this.#begun = true;
        return { ...event, history };
      }
      case 'epoch': {
        if (event.epoch === 0 && this.#times.size === 0) this.#offset = 1;
        const record = { ...event, epoch: event.epoch + this.#offset };
        this.#takeEpoch(record);
        return record;
      }
      case 'completed':
        this.#completed = event.epochs ?? this.#last;
        return { ...event, epochs: this.#completed };
      default:
        return event;
    }
  }

  drop(line: DroppedLine): void {
    this.#dropped.count++;
    this.#dropped.first ??= line;
    const { problems } = this.#dropped;
    problems.set(line.problem, (problems.get(line.problem) ?? 0) + 1);
  }

  #takeEpoch(record: EpochRecord): void {
    const { epoch } = record;
    const known = this.#times.has(epoch);
    if (startsOver(epoch, this.#times)) {
      this.#startedOverAfter = this.#last;
      this.#times.clear();
      this.#last = 1;
    } else if (!this.#begun || epoch > this.#last) this.#last = epoch;
    else if (!known && epoch < this.#last) this.#disordered ??= [this.#last, epoch];
    this.#begun = true;
    this.#add(record);
  }

  #add({ epoch, metrics }: EpochRecord): void {
    this.#times.set(epoch, (this.#times.get(epoch) ?? 0) + 1);
    for (const name of Object.keys(metrics)) this.#metrics.add(name);
  }

  /** In what a trainer that says that it has completed the run broke its word; undefined: in nothing. */
  breach(): string | undefined {
    const finished = this.#last;
    const epochs = `${this.#promised} epoch${this.#promised === 1 ? '' : 's'} (train.epochs)`;
    const dropped = this.#dropped.count === 0 ? '' : `; ${this.#droppedWords()}`;
    if (finished === 0)
      return `the trainer ended well but reported none of ${epochs}; expected a JSON line on its stdout for each, such as {"type":"epoch","epoch":1,"metrics":{"${this.#metric}":0.5}}${dropped}`;
    if (this.#completed !== undefined && this.#completed > finished)
      return `the trainer says that ${this.#completed} epochs are completed but reported ${finished}${dropped}`;
    if (this.#completed === undefined && finished < this.#promised)
      return `the trainer ended well after epoch ${finished} of ${epochs}; one that stops early on purpose says so by a last line ${completedLine}${dropped}`;
    if (this.#times.size > 0 && !this.#metrics.has(this.#metric))
      return `no epoch reports the objective's metric ${this.#metric} (objective.metric); reported: ${[...this.#metrics].join(', ') || 'no metric'}${dropped}`;
    return undefined;
  }

  /** A run that is completed by its own word, with fewer epochs than it might have had. */
  get earlyEnd(): string | undefined {
    return this.#completed !== undefined && !this.isWhole
      ? `stopped early, as it says: after epoch ${this.#last} of ${this.#promised}`
      : undefined;
  }

  /** What is to be known of how it reported; to be asked for once, at the end. */
  warnings(): string[] {
    const epochs = [...this.#times.keys()].sort((a, b) => a - b);
    const warnings = this.#dropped.count > 0 ? [this.#droppedWords()] : [];
    if (epochs.length === 0) return warnings;
    const last = epochs.at(-1)!;
    if (this.#offset === 1) warnings.push(`it counts its epochs from 0: they are taken as 1 to ${last}`);
    const again = epochs.filter(epoch => this.#times.get(epoch)! > 1);
    if (again.length > 0)
      warnings.push(`it reported ${listed(again)} more than once: of each metric the last value counts`);
    if (this.#disordered !== undefined)
      warnings.push(`it reported epochs out of order, such as ${this.#disordered.join(' before ')}`);
    if (this.#startedOverAfter !== undefined)
      warnings.push(
        `it began anew after epoch ${this.#startedOverAfter}: what it reported first is replaced`,
      );
    if (last > this.#promised)
      warnings.push(
        `it reported ${last} epochs, although train.epochs is ${this.#promised}; all of them are kept`,
      );
    const first = this.#before > 0 ? epochs[0]! : 1;
    const missing = Array.from({ length: Math.min(last, 100_000) }, (_, index) => index + 1).filter(
      epoch => epoch >= first && !this.#times.has(epoch),
    );
    if (missing.length > 0) warnings.push(`it never reported ${listed(missing)}`);
    return warnings;
  }

  #droppedWords(): string {
    const { count, first, problems } = this.#dropped;
    const kinds = [...problems].slice(0, named).map(([problem, times]) => `${times} ${problem}`);
    const more = problems.size > named ? [`${problems.size - named} more kinds`] : [];
    const example =
      first!.text.length > shownCharacters ? `${first!.text.slice(0, shownCharacters)}…` : first!.text;
    return `${count} line${count === 1 ? '' : 's'} of its stdout dropped (${[...kinds, ...more].join(', ')}), the first: ${example}`;
  }
}

/** Whether a run that has reported `known` epochs begins anew with this one. */
export const startsOver = (
  epoch: number,
  known: { has(epoch: number): boolean; readonly size: number },
): boolean => epoch === 1 && known.size > 1 && known.has(1);

/** `epochs 2, 3, 4, 5 and 8 more` */
function listed(epochs: readonly number[]): string {
  const more = epochs.length > named ? ` and ${epochs.length - named} more` : '';
  return `epoch${epochs.length === 1 ? '' : 's'} ${epochs.slice(0, named).join(', ')}${more}`;
}
