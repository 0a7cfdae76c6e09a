import type { StoreReader, StoreWriter } from '../store/run-store.js';

/** Reads the store of the results folder, and closes it. */
export async function withReader<T>(
  { results }: { results: string },
  work: (store: StoreReader) => T | Promise<T>,
): Promise<T> {
  const { openStore } = await import('../store/open-store.js');
  const store = await openStore(results, { readOnly: true });
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** Changes the store of the results folder, and closes it. */
export async function withWriter<T>(
  { results }: { results: string },
  work: (store: StoreWriter) => T | Promise<T>,
): Promise<T> {
  const { openStore } = await import('../store/open-store.js');
  const store = await openStore(results);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}
