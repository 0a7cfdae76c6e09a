/** Learned position embeddings of a vision transformer for another number of patches. */

/** Cubic convolution kernel with a = -0.75, as in PyTorch's bicubic interpolation (Keys 1981). */
function weight(distance: number): number {
  const a = -0.75;
  const x = Math.abs(distance);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((x - 5) * x + 8) * x * a - 4 * a : 0;
}

/** [to × from] weights for each side; corners lie on corners (`align_corners=True`), the border pixel is repeated. */
function interpolation(from: number, to: number): Float64Array {
  const matrix = new Float64Array(to * from);
  for (let row = 0; row < to; row++) {
    const place = to === 1 ? 0 : (row * (from - 1)) / (to - 1);
    const first = Math.floor(place) - 1;
    for (let tap = first; tap < first + 4; tap++) {
      const column = Math.min(from - 1, Math.max(0, tap));
      matrix[row * from + column]! += weight(place - tap);
    }
  }
  return matrix;
}

/** Side of the square grid that is left without the class token, or undefined. */
function sideOf([batch, tokens]: readonly number[], classTokens: number): number | undefined {
  const side = Math.sqrt(tokens! - classTokens);
  return batch === 1 && Number.isInteger(side) && side > 0 ? side : undefined;
}

/** Sides of both grids, where these are embeddings [1, class token + patches, D] of two square grids with equal D. */
function gridsOf(from: readonly number[], to: readonly number[]) {
  const width = from[2]!;
  if (from.length !== 3 || to.length !== 3 || width !== to[2]) return undefined;
  // A class token or none, the same in both.
  for (const classTokens of [1, 0]) {
    const [source, target] = [sideOf(from, classTokens), sideOf(to, classTokens)];
    if (source !== undefined && target !== undefined)
      return { start: classTokens * width, source, target, width };
  }
  return undefined;
}

/** Whether `resizedPositions` can make the one of the other. */
export const canResize = (from: readonly number[], to: readonly number[]): boolean =>
  gridsOf(from, to) !== undefined;

/**
 * `values` of shape `from` [1, class token + patches, D] for the patches of shape `to`, each feature interpolated as torchvision's
 * `interpolate_embeddings` does; undefined where `canResize` says no.
 */
export function resizedPositions(
  values: Float32Array,
  from: readonly number[],
  to: readonly number[],
): Float32Array | undefined {
  const grids = gridsOf(from, to);
  if (grids === undefined) return undefined;
  const { start, source, target, width } = grids;
  const result = new Float32Array(start + target * target * width);
  result.set(values.subarray(0, start));
  resizeGrid(
    { values: values.subarray(start), side: source },
    { values: result.subarray(start), side: target },
    width,
  );
  return result;
}

interface Grid {
  /** [side × side × width]. */
  values: Float32Array;
  side: number;
}

function resizeGrid(source: Grid, target: Grid, width: number): void {
  const matrix = interpolation(source.side, target.side);
  for (let y = 0; y < target.side; y++)
    for (let x = 0; x < target.side; x++)
      for (let feature = 0; feature < width; feature++) {
        let sum = 0;
        for (let v = 0; v < source.side; v++)
          for (let u = 0; u < source.side; u++)
            sum +=
              matrix[y * source.side + v]! *
              matrix[x * source.side + u]! *
              source.values[(v * source.side + u) * width + feature]!;
        target.values[(y * target.side + x) * width + feature] = sum;
      }
}
