import { sampleDirichlet } from '../beta.js';
import { augMixRanges } from '../policies/magnitudes.js';
import { OperationSpace } from '../policies/operation-space.js';
import type { TransformKind } from '../transform.js';

/** Magnitude bins, of which the first `severity` are drawn. */
const bins = 10;

/**
 * torchvision's AugMix: the image is mixed with `mixtureWidth` chains of operations on it, in float32, and truncated to
 * bytes. The operations are those of the PIL backend, as in all policies here; torchvision makes a tensor of an image first.
 */
export const augMix: TransformKind = {
  create(parameters, shape) {
    const { severity, mixtureWidth, chainDepth, alpha } = parameters as unknown as Record<string, number>;
    const space = new OperationSpace(
      augMixRanges(bins, shape, parameters.allOps as boolean),
      parameters,
      shape,
    );
    const length = shape.height * shape.width * shape.channels;
    const original = new Uint8Array(length);
    const sum = new Float32Array(length);
    /** Shares of the image and of all chains together. */
    const shares = new Float64Array(2);
    const weights = new Float64Array(mixtureWidth!);
    return {
      apply(image, draws) {
        original.set(image.pixels);
        sampleDirichlet(draws, alpha!, shares);
        sampleDirichlet(draws, alpha!, weights);
        addWeighted(sum.fill(0), original, shares[0]!);
        for (let chain = 0; chain < mixtureWidth!; chain++) {
          image.pixels.set(original);
          const depth = chainDepth! > 0 ? chainDepth! : 1 + draws.integer(3);
          for (let i = 0; i < depth; i++) space.applyAny(image, draws, -severity!);
          addWeighted(sum, image.pixels, weights[chain]! * shares[1]!);
        }
        // Weights add up to 1 but for rounding, which must not make 254 of 255.
        for (let i = 0; i < length; i++) image.pixels[i] = Math.min(sum[i]! + 1e-3, 255);
      },
    };
  },
};

function addWeighted(sum: Float32Array, pixels: Uint8Array, weight: number): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += weight * pixels[i]!;
}
