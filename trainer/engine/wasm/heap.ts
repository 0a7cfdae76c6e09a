import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm/dist/backend_wasm.js';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { assembleModule } from '../../simd/module.js';
import { emscriptenModule } from './backend.js';
import { routines } from './routines/all.js';

type RoutineName = keyof typeof routines;

/** TensorFlow.js's WebAssembly memory, with our routines on it. Pointers are bytes from its start. */
export interface Heap {
  /** Calls a routine: pointers and counts, then floats. */
  call: Record<RoutineName, (...values: number[]) => void>;
  pointer(tensor: TensorInfo): number;
  /** A new tensor of undefined content. */
  output(shape: number[]): TensorInfo;
  /** Memory that keeps its place until the next call with that name. Undefined content. */
  scratch(name: string, floats: number): number;
  floats(pointer: number, length: number): Float32Array;
  /** The whole heap: a view for many small copies. Index = pointer / 4. */
  allFloats(): Float32Array;
  integers(pointer: number, length: number): Int32Array;
}

/** Some loops read a vector past the end of a row: scratch memory has room for it. */
const slackBytes = 64;

export function createHeap(backend: BackendWasm): Heap {
  const module = emscriptenModule(backend);
  const { memory } = module.asm;
  const compiled = new WebAssembly.Module(assembleModule(routines));
  const instance = new WebAssembly.Instance(compiled, { host: { memory } });
  const scratches = new Map<string, { pointer: number; bytes: number }>();
  return {
    call: instance.exports as unknown as Heap['call'],
    pointer: tensor => backend.dataIdMap.get(tensor.dataId).memoryOffset,
    output: shape => backend.makeOutput(shape, 'float32'),
    scratch(name, floats) {
      const bytes = floats * 4 + slackBytes;
      const old = scratches.get(name);
      if (old && old.bytes >= bytes) return old.pointer;
      if (old) module._free(old.pointer);
      scratches.delete(name);
      const pointer = module._malloc(bytes) >>> 0;
      scratches.set(name, { pointer, bytes });
      return pointer;
    },
    floats: (pointer, length) => new Float32Array(memory.buffer, pointer, length),
    allFloats: () => new Float32Array(memory.buffer),
    integers: (pointer, length) => new Int32Array(memory.buffer, pointer, length),
  };
}
