/** What decides, beside an engine's version, which kernels it computes with on a CPU. */
export interface CpuFeatures {
  /** Whether TensorFlow uses oneDNN's kernels. */
  oneDnn: boolean;
  /** Those flags of `/proc/cpuinfo` that kernels are chosen by, in the order of `kernelFlags`. */
  flags: readonly string[];
}

/** Flags of `/proc/cpuinfo` that TensorFlow's and oneDNN's kernels are chosen by. */
export const kernelFlags = [
  'avx2',
  'fma',
  'avx512f',
  'avx_vnni',
  'avx512_vnni',
  'avx512_bf16',
  'avx512_fp16',
  'amx_tile',
  'amx_int8',
  'amx_bf16',
  'amx_fp16',
] as const;

/** Those with which TensorFlow (2.9 and later) turns oneDNN on by itself: its `IsMKLEnabled`, core/util/util.cc. */
const neuralNetworkFlags: ReadonlySet<string> = new Set([
  'avx_vnni',
  'avx512_vnni',
  'avx512_bf16',
  'amx_tile',
  'amx_int8',
  'amx_bf16',
]);

/** Whether TensorFlow turns oneDNN on by itself on a CPU with these flags. */
export const hasOneDnnByDefault = (flags: readonly string[]): boolean =>
  flags.some(flag => neuralNetworkFlags.has(flag));

/** For people: `oneDNN, avx2 fma avx512f`. */
export const describeCpu = ({ oneDnn, flags }: CpuFeatures): string =>
  `${oneDnn ? 'oneDNN' : 'no oneDNN'}, ${flags.join(' ') || 'no vector instructions known'}`;

/**
 * Whether a result was computed with oneDNN's kernels or without. One from before this was recorded was computed with what
 * TensorFlow chooses by itself, on a CPU like this one for all that is known.
 */
export const hadOneDnn = (recorded: CpuFeatures | undefined, here: CpuFeatures): boolean =>
  recorded?.oneDnn ?? hasOneDnnByDefault(here.flags);
