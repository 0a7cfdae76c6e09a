import type { DataInspection } from '../../../trainer/contract/events.js';
import type { DataSpec } from '../../../trainer/contract/run-spec.js';

/** Data that lie on this machine are not those of the grid: no run of it begins here until they are. */
export class OtherDataError extends Error {
  override readonly name = 'OtherDataError';
}

/** Data sets that lie on this machine: each is looked at before the first run on it. */
export class OwnData {
  readonly #looks = new Map<string, Promise<void>>();

  constructor(
    private readonly inspect: (data: DataSpec) => Promise<DataInspection>,
    private readonly say: (words: string) => void,
  ) {}

  /**
   * Resolves if they are the grid's by their content. What isn't is looked at anew for each run: it may have been mended.
   *
   * @param data where they lie here
   * @param fingerprint of the grid's; null: they weren't looked at there
   * @throws OtherDataError
   */
  async check(data: DataSpec, fingerprint: string | null | undefined): Promise<void> {
    if (typeof fingerprint !== 'string') return;
    const key = JSON.stringify([data, fingerprint]);
    const look = this.#looks.get(key) ?? this.#look(data, fingerprint);
    this.#looks.set(key, look);
    try {
      await look;
    } catch (error) {
      this.#looks.delete(key);
      this.say(`no run begins here: ${(error as Error).message}`);
      throw error;
    }
  }

  async #look(data: DataSpec, expected: string): Promise<void> {
    const wayOut = `put the files of ${data.name} there, or name no folder for this slot, and they are sent`;
    const { fingerprint, problems } = await this.inspect(data).catch((error: Error) => {
      throw new OtherDataError(`${data.root}: ${error.message}; ${wayOut}`, { cause: error });
    });
    const problem = problems.find(({ severity }) => severity === 'error');
    if (problem !== undefined) throw new OtherDataError(`${problem.message}; ${wayOut}`);
    if (fingerprint !== expected)
      throw new OtherDataError(
        `the data in ${data.root} are not those of the grid (fingerprint ${fingerprint.slice(0, 8)}, the grid’s have ${expected.slice(0, 8)}); ${wayOut}`,
      );
  }
}
