/** Open data sets of a warm trainer: the cells of a grid mostly share one. */
import type { OpenData, RunData } from './run-data.js';

/** More than the data sets that an axis over data has in flight; each holds a map of its decoded images. */
const most = 4;

/** `open`, remembering the data sets used last. One that fails to open is tried anew the next time. */
export function cachedDatasets(open: OpenData): OpenData {
  const cache = new Map<string, Promise<RunData>>();
  return (spec, cacheDir) => {
    const key = JSON.stringify([spec, cacheDir]);
    const data = cache.get(key) ?? open(spec, cacheDir);
    cache.delete(key);
    cache.set(key, data);
    data.catch(() => cache.delete(key));
    const [oldest] = cache.keys();
    if (cache.size > most) cache.delete(oldest!);
    return data;
  };
}
