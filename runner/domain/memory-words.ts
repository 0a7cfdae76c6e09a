import type { MemoryUse } from '../../trainer/contract/events.js';

/** `812 MB` below ten thousand, `139.6 GB` above. */
export const sizeWords = (megabytes: number): string =>
  megabytes < 10_000 ? `${Math.round(megabytes)} MB` : `${(megabytes / 1000).toFixed(1)} GB`;

/** `at most 1204 MB, 3950 MB of its GPU` */
export const memoryWords = ({ megabytes, gpuMegabytes }: MemoryUse): string =>
  `at most ${sizeWords(megabytes)}${gpuMegabytes === null ? '' : `, ${sizeWords(gpuMegabytes)} of its GPU`}`;
