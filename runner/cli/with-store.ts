import { openStore } from '../store/open-store.js';
import type { StoreReader, StoreWriter } from '../store/run-store.js';
import { StoreError } from '../store/store-error.js';
import { describeNoResults } from './no-results.js';

const onWait = (words: string) => void process.stderr.write(`${words}\n`);

/** Reads the store of the results folder, and closes it. */
export async function withReader<T>(
  { results }: { results: string },
  work: (store: StoreReader) => T | Promise<T>,
): Promise<T> {
  const store = await openStore(results, { readOnly: true, onWait });
  try {
    return await work(store);
  } catch (error) {
    // Where nothing is, nothing is found: the folder is what is wrong, not the name of a cell.
    const nothing = describeNoResults(results);
    if (nothing === null || !(error instanceof StoreError)) throw error;
    throw new StoreError(error.problem, nothing);
  } finally {
    store.close();
  }
}

/** Changes the store of the results folder, and closes it. Makes none. @throws StoreError `unknownGrid` where there is none. */
export async function withWriter<T>(
  { results }: { results: string },
  work: (store: StoreWriter) => T | Promise<T>,
): Promise<T> {
  const nothing = describeNoResults(results);
  if (nothing !== null) throw new StoreError('unknownGrid', nothing);
  const store = await openStore(results, { onWait });
  try {
    return await work(store);
  } finally {
    store.close();
  }
}
