import { leaseWatchOf } from '../lease-holders.js';
import { StoreError } from '../store-error.js';
import type { Connection } from './connection.js';
import { addChange } from './journal.js';
import { LeaseKeeper } from './lease-keeper.js';
import { describeOwner, type Lease, leasesOf, type Owner, passLease, takeLease } from './leases.js';
import { endRun, nextFence, type OutlivingRun, outlivingRun } from './run-rows.js';

/** The leases that a writer takes, keeps and ends. What changes the store is called within a transaction of the caller. */
export class RunLeases {
  readonly #keeper: LeaseKeeper;
  /** Rows of the runs that are leased here. */
  readonly #kept = new Map<string, number>();

  constructor(
    private readonly connection: Connection,
    private readonly owner: Owner,
  ) {
    this.#keeper = new LeaseKeeper({ path: connection.path, owner });
  }

  take(cell: number, { run, fence }: Pick<Lease, 'run' | 'fence'>): void {
    takeLease(this.connection, { cell, run, owner: this.owner, fence });
    addChange(this.connection, 'run', cell);
  }

  /** Takes over the run of a cell that goes on without its runner. @throws StoreError `cellIsRunning` */
  adopt(cellId: string, cell: number): (OutlivingRun & { fence: number }) | undefined {
    const found = outlivingRun(this.connection, cell);
    if (found === undefined) return undefined;
    this.#refuseHeld(cellId, cell);
    const fence = nextFence(this.connection, cell);
    passLease(this.connection, { cell, run: found.run, owner: this.owner, fence });
    addChange(this.connection, 'run', cell);
    return { ...found, fence };
  }

  /** Renews a lease, once it is stored, until it is dropped. */
  keep(key: string, run: number, onLost: () => void): void {
    this.#kept.set(key, run);
    this.#keeper.keep(run, onLost);
  }

  drop(key: string): void {
    const run = this.#kept.get(key);
    if (run !== undefined) this.#keeper.drop(run);
    this.#kept.delete(key);
  }

  /** A run that this process left running, or whose lease is over, has ended. @throws StoreError `cellIsRunning` */
  end(cellId: string, cell: number): void {
    for (const lease of this.#refuseHeld(cellId, cell)) endRun(this.connection, lease);
  }

  /** Ends what is left of a run whose holder is gone. */
  endLeft(cell: number): void {
    for (const lease of leasesOf(this.connection, cell))
      if (this.#isOver(lease)) endRun(this.connection, lease);
  }

  /**
   * Ends, in a transaction of its own, all runs whose holder is gone, but for those that go on without it: the next runner adopts
   * them, or ends them as it runs the cell anew.
   */
  endDead(): void {
    const over = leasesOf(this.connection).filter(lease => !lease.outlives && this.#isOver(lease));
    if (over.length > 0)
      this.connection.write(() => {
        for (const lease of over) endRun(this.connection, lease);
      });
  }

  close(): void {
    this.#keeper.close();
  }

  /** Leases of the cell, none of which another holds. */
  #refuseHeld(cellId: string, cell: number): Lease[] {
    const leases = leasesOf(this.connection, cell);
    for (const lease of leases)
      if (lease.owner !== this.owner && !this.#isOver(lease))
        throw new StoreError(
          'cellIsRunning',
          `cell ${cellId} is being run by ${describeOwner(lease.owner)}, for another grid that has it too`,
        );
    return leases;
  }

  #isOver(lease: Lease): boolean {
    return leaseWatchOf(this.connection).look(lease) === 'over';
  }
}
