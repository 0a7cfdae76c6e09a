/** Opens the data set of the DataSpec in argv[2] with the cache folder argv[3]; prints what it took as JSON. */
import { openDataset } from '../data/dataset.js';
import { cpuSeconds } from './measuring.js';

/** What opening took. */
export interface Opening {
  images: number;
  bytes: number;
  seconds: number;
  cpuSeconds: number;
  /** Resident memory of the whole process at the end. */
  megabytes: number;
}

const start = performance.now();
const cpu = process.cpuUsage();
const dataset = await openDataset(JSON.parse(process.argv[2]!), {
  cacheDir: process.argv[3]!,
  log: line => process.stderr.write(`${line}\n`),
});
process.stdout.write(
  JSON.stringify({
    images: dataset.labels.length,
    bytes: dataset.images.length,
    seconds: (performance.now() - start) / 1000,
    cpuSeconds: cpuSeconds(cpu),
    megabytes: process.memoryUsage.rss() / 1e6,
  } satisfies Opening),
);
