/** Nearest neighbours by the cosine of the angle between features. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Engine } from '../engine/engine.js';

/** Rows of one length. */
interface Rows {
  /** [N × dimensions]. */
  values: Float32Array;
  dimensions: number;
}

/** Of each query its `count` nearest, nearest first. */
export interface Nearest {
  count: number;
  /** [queries × count] rows of the gallery. */
  rows: Int32Array;
  /** [queries × count] cosines. */
  similarities: Float32Array;
}

/** Cosines that are read back at once. */
const mostCosines = 1 << 22;

/** The `count` rows of `gallery` (all, if it has fewer) nearest to each query; of equally near ones the first. */
export async function nearest({ tf }: Engine, queries: Rows, gallery: Rows, count: number): Promise<Nearest> {
  const { dimensions } = gallery;
  const size = gallery.values.length / dimensions;
  const total = queries.values.length / dimensions;
  const kept = Math.min(count, size);
  const result = {
    count: kept,
    rows: new Int32Array(total * kept),
    similarities: new Float32Array(total * kept),
  };
  const step = Math.max(1, Math.floor(mostCosines / size));
  const galleryTensor = tf.tensor2d(unitRows(gallery), [size, dimensions]);
  try {
    for (let first = 0; first < total; first += step) {
      const end = Math.min(first + step, total);
      const part = { values: queries.values.subarray(first * dimensions, end * dimensions), dimensions };
      const cosines = tf.tidy(() =>
        tf.matMul(tf.tensor2d(unitRows(part), [end - first, dimensions]), galleryTensor, false, true),
      );
      const values = (await cosines.data()) as Float32Array;
      cosines.dispose();
      for (let query = first; query < end; query++) {
        const from = query * kept;
        const row = values.subarray((query - first) * size, (query - first + 1) * size);
        largest(
          row,
          result.rows.subarray(from, from + kept),
          result.similarities.subarray(from, from + kept),
        );
      }
      await nextTurn();
    }
  } finally {
    galleryTensor.dispose();
  }
  return result;
}

/** Each row divided by its length; zeros stay zeros. */
function unitRows({ values, dimensions }: Rows): Float32Array {
  const unit = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += dimensions) {
    const row = values.subarray(start, start + dimensions);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) for (let i = 0; i < dimensions; i++) unit[start + i] = row[i]! / length;
  }
  return unit;
}

/** Fills `best` with the largest of `values`, largest first, and `places` with where they are. */
function largest(values: Float32Array, places: Int32Array, best: Float32Array): void {
  best.fill(Number.NEGATIVE_INFINITY);
  const last = best.length - 1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value <= best[last]!) continue;
    let at = last;
    for (; at > 0 && best[at - 1]! < value; at--) {
      best[at] = best[at - 1]!;
      places[at] = places[at - 1]!;
    }
    best[at] = value;
    places[at] = i;
  }
}

/** Temperature of the votes: Wu et al. 2018, "Unsupervised Feature Learning via Non-Parametric Instance Discrimination", section 3.4. */
const temperature = 0.07;

/**
 * The class [queries] for which the `k` nearest vote, each with weight exp(cosine / 0.07) as in the paper.
 *
 * @param labels class index of each row of the gallery
 */
export function votes(found: Nearest, labels: Int32Array, k: number): Int32Array {
  const { count, rows, similarities } = found;
  return Int32Array.from({ length: count === 0 ? 0 : rows.length / count }, (_, query) => {
    const weights = new Map<number, number>();
    for (let i = query * count; i < query * count + Math.min(k, count); i++) {
      const label = labels[rows[i]!]!;
      weights.set(label, (weights.get(label) ?? 0) + Math.exp(similarities[i]! / temperature));
    }
    return [...weights].reduce((a, b) => (b[1] > a[1] ? b : a))[0];
  });
}
