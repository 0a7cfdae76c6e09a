import { openStore } from '../../store/open-store.js';
import type { StoreReader } from '../../store/run-store.js';
import { cellName, shortId } from '../../text/names.js';
import { describeNoResults } from '../no-results.js';
import type { Candidate, StoredKind } from './candidate.js';

/** More cells are no choice, but a list. */
const mostCells = 200;

const readers: { [Kind in StoredKind]: (store: StoreReader, word: string) => Candidate[] } = {
  grids: store => store.grids().map(({ name, description }) => ({ value: name, words: description })),
  axes: store => store.columns().axes.map(value => ({ value })),
  slots: store =>
    store
      .grids()
      .flatMap(({ name }) => store.slotsOf(name))
      .map(({ slotId, device }) => ({ value: slotId, words: device })),
  cells(store, word) {
    const found = store.cellsFrom(word, mostCells);
    const short = new Set(found.map(({ cellId }) => shortId(cellId)));
    const isTold = short.size === found.length;
    return found.map(({ cellId, state }) => ({
      value: isTold && word.length <= shortId(cellId).length ? shortId(cellId) : cellId,
      words: `${cellName(cellId, store.gridsOf(cellId)[0]?.labels ?? {})}, ${state}`,
    }));
  },
};

/** What the store knows; nothing where there is none, or it can’t be read: a completion has no place for words. */
export async function storedCandidates(
  kind: StoredKind,
  word: string,
  results: string,
): Promise<Candidate[]> {
  if (describeNoResults(results) !== null) return [];
  try {
    const store = await openStore(results, { readOnly: true });
    try {
      return readers[kind](store, word);
    } finally {
      store.close();
    }
  } catch {
    return [];
  }
}
