/** Gradients are followed from the forward pass to the backward pass, and nothing is left behind. */
import { expect, it } from 'vitest';
import { followGradients } from '../../engine/custom-gradient.js';
import type { Engine } from '../../engine/engine.js';

export function customGradientSuite({ tf, ops }: Engine): void {
  /** A registered gradient, one of our own, and a registered one again. */
  const gradient = (at: (place: string) => void = () => {}): number[] => {
    const f = (x: Parameters<typeof ops.gelu>[0]) => {
      at('square');
      const squared = tf.square(x);
      at('gelu');
      const y = ops.gelu(squared);
      at('sum');
      return tf.sum(y) as never;
    };
    return [
      ...tf.tidy(() =>
        tf
          .grad(f)(tf.tensor2d([[0.5, -1, 2]]))
          .dataSync(),
      ),
    ];
  };

  it('tells of each on the way there and back, and changes none', () => {
    const plain = gradient();
    const gone: string[] = [];
    const back: string[] = [];
    let place = '';
    const restore = followGradients(tf, () => {
      const then = place;
      gone.push(then);
      return () => back.push(then);
    });
    const at = (next: string) => {
      place = next;
    };
    expect(gradient(at)).toEqual(plain);
    // One operation may be several kernels, and one kernel's gradients are asked for one by one.
    const distinct = (places: string[]) => places.filter((then, index) => then !== places[index - 1]);
    expect(distinct(gone)).toEqual(['square', 'gelu', 'sum']);
    expect(distinct(back)).toEqual(['sum', 'gelu', 'square']);
    restore();
    const told = gone.length + back.length;
    expect(gradient(at)).toEqual(plain);
    expect(gone.length + back.length).toBe(told);
  });

  it('leaves what was registered as it was, also where a step fails', () => {
    const before = tf
      .getKernelsForBackend(tf.getBackend())
      .map(({ kernelName }) => tf.getGradient(kernelName));
    const restore = followGradients(tf, () => {
      throw new Error('lost');
    });
    expect(() => gradient()).toThrow('lost');
    restore();
    const after = tf
      .getKernelsForBackend(tf.getBackend())
      .map(({ kernelName }) => tf.getGradient(kernelName));
    expect(after.every((config, index) => config === before[index])).toBe(true);
    expect(gradient()).toHaveLength(3);
  });
}
