/**
 * Conditions of the machine that hold a run up and are no fault of its cell: they pass by themselves, or somebody ends
 * them. They are told from other errors by the system's error code, in one table for runner and trainer.
 */

/** Error code of the system (errno, as Node names it) → what it says of the machine. */
const conditions: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EIO: 'the disk can’t be read or written',
  ENXIO: 'the device is gone',
  ENODEV: 'the device is gone',
  ESTALE: 'the network file system has lost the file',
  ENOTCONN: 'the file system is not connected',
  EHOSTDOWN: 'the host of the file system is down',
  EMFILE: 'this process has too many files open (see `ulimit -n`)',
  ENFILE: 'this machine has too many files open',
  ENOMEM: 'the system has no memory left',
  EAGAIN: 'the system has no processes or threads left (see `ulimit -u`)',
};

/** What the C library calls those that a program of others is likely to die of with its last words. */
const words =
  /No space left on device|Disk quota exceeded|Read-only file system|Input\/output error|Stale file handle|Transport endpoint is not connected|Too many open files(?: in system)?|\b(?:ENOSPC|EDQUOT|EROFS|EIO|ESTALE|EMFILE|ENFILE)\b/;

/**
 * The condition of the machine that an error or one of its causes comes of: `the disk is full (ENOSPC)`. Undefined
 * where it comes of something else.
 */
export function machineCondition(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === 'string' && Object.hasOwn(conditions, code)) return `${conditions[code]} (${code})`;
  const inner: unknown[] = Array.isArray(errors) ? [cause, ...errors] : [cause];
  return inner.map(machineCondition).find(condition => condition !== undefined);
}

/**
 * What engines, runtimes and libraries say when a program has run out of memory, the machine's or a GPU's: TensorFlow, WebAssembly, V8, Node, PyTorch, JAX,
 * CUDA, Python, the C++ library. It is the program that is too large, not the machine that isn't fit.
 */
export const wantOfMemory =
  /out of memory|\bOOM\b|resource[ _]?exhausted|failed to allocate|(?:could not|cannot|can['’]t|unable to) allocate|allocation failed|cannot enlarge memory|memory access out of bounds|invalid typed array length|bad_?alloc\b|\bMemoryError\b|OutOfMemory|(?:NOT_ENOUGH_MEMORY|ALLOC_FAILED|MEMORY_ALLOCATION)\b/i;

/** The words of a dead program's last ones that name such a condition. */
export const conditionInWords = (text: string): string | undefined => words.exec(text)?.[0];
