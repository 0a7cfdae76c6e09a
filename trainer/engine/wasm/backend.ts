/** TensorFlow.js's WebAssembly backend on memory that says when there is no more of it. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm/dist/backend_wasm.js';
import type { TensorFlow } from '../ops.js';

/** Emscripten's module: the parts that we use and the backend's type leaves out. */
interface EmscriptenModule {
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  asm: { memory: WebAssembly.Memory; malloc(bytes: number): number };
}

type BackendClass = new (module: BackendWasm['wasm']) => BackendWasm;

/** The WebAssembly heap couldn't grow: its limit is 4 GiB. */
export class OutOfMemoryError extends Error {
  override name = 'OutOfMemoryError';
  readonly code = 'outOfMemory';
}

export const emscriptenModule = (backend: BackendWasm) => backend.wasm as unknown as EmscriptenModule;

const guardedIn = new WeakSet<TensorFlow>();

/**
 * Has `wasm` start a backend whose memory is guarded, in the place of the stock one. The second time nothing is done.
 *
 * @throws Error where the package registers no such backend
 */
export function guardBackend(tf: TensorFlow, Backend: BackendClass): void {
  if (guardedIn.has(tf)) return;
  const name = 'wasm';
  const start = tf.findBackendFactory(name);
  if (start === null) throw new Error('@tensorflow/tfjs-backend-wasm has registered no backend of that name');
  guardedIn.add(tf);
  tf.removeBackend(name);
  tf.registerBackend(name, async () => {
    const { wasm } = (await start()) as BackendWasm;
    return new Backend(guarded(wasm as unknown as EmscriptenModule) as never);
  });
}

/**
 * TensorFlow.js ignores a failed allocation and then writes over address 0; ours throws. So it does for 2 GiB at
 * once, which Emscripten takes for a negative size.
 */
function guarded(module: EmscriptenModule): EmscriptenModule {
  const allocate = module.asm.malloc;
  return Object.create(module, {
    _malloc: {
      value(bytes: number): number {
        const pointer = bytes < 2 ** 31 ? allocate(bytes) : 0;
        if (pointer === 0 && bytes > 0) {
          const used = module.asm.memory.buffer.byteLength;
          throw new OutOfMemoryError(
            `out of memory: the wasm engine can't get ${bytes} bytes more (its heap has ${used} bytes now and at most ` +
              '4 GiB, a tensor less than 2 GiB); use a smaller batch or the tensorflow engine',
          );
        }
        return pointer;
      },
    },
  });
}
