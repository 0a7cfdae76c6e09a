/** The native backend is a subclass of tfjs-node's, registered in its place: nothing of tfjs-node's own is changed. */
import { expect, it } from 'vitest';
import { extendBackend, extendedBackend, missingOf } from '../../engine/native/backend.js';
import { addonPackage } from '../../engine/native/engine-cache.js';
import { nativeBackend } from '../../engine/native/kernels.js';
import { onEngine } from '../on-engine.js';

await onEngine('tensorflow', ({ tf }) => {
  const backend = extendedBackend(tf);
  const stock = Object.getPrototypeOf(Object.getPrototypeOf(backend));

  it('is a subclass, made once', async () => {
    expect(stock.constructor.name).toBe('NodeJSKernelBackend');
    expect(Object.getOwnPropertyNames(backend).filter(name => name in stock)).toEqual([]);
    await extendBackend(tf);
    expect(nativeBackend(tf)).toBe(backend);
    expect(tf.getBackend()).toBe('tensorflow');
  });

  it('runs operations and copies inside of what is asked for, until that is undone', () => {
    const { binding } = backend;
    const ran: string[] = [];
    const undo = backend.aroundOperations((name, run) => {
      ran.push(name);
      return run();
    });
    const sums = () => tf.tidy(() => [...tf.add(tf.tensor1d([1, 2]), tf.tensor1d([3, 4])).dataSync()]);
    expect(sums()).toEqual([4, 6]);
    expect(ran).toEqual(['(copy to the engine)', '(copy to the engine)', 'Add']);
    undo();
    expect(backend.binding).toBe(binding);
    expect(sums()).toEqual([4, 6]);
    expect(ran).toHaveLength(3);
  });

  it('is refused where something is missing that it overrides', async () => {
    expect(missingOf(backend)).toEqual([]);
    expect(missingOf({})).toEqual([
      ...['createOutputTensor', 'getInputTensorIds', 'executeSingleOutput', 'executeMultipleOutputs'],
      ...['readSync', 'disposeData', 'tensorMap'],
      ...['binding.createTensor', 'binding.deleteTensor', 'binding.executeOp'],
    ]);
    const other = { backend: () => ({ readSync() {} }), getBackend: () => 'tensorflow' };
    await expect(extendBackend(other as never)).rejects.toThrow(
      `the backend of ${addonPackage} has no createOutputTensor, getInputTensorIds, `,
    );
  });
});
