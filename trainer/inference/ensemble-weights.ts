/** How much each model of an ensemble counts. */

const mostSteps = 1000;
/** Change of a weight that is none. */
const tolerance = 1e-6;

/**
 * Weights ≥ 0 with sum 1 for which the mean of the models' probabilities has the smallest cross-entropy: expectation
 * maximization for the shares of a mixture (Dempster, Laird and Rubin 1977, section 4.3). The loss is convex in the weights,
 * and no step makes it larger.
 *
 * @param ofLabel for each model the probability that it gives to each image's label [N]
 */
export function fitEnsembleWeights(ofLabel: readonly Float32Array[]): number[] {
  const images = ofLabel[0]!.length;
  let weights = ofLabel.map(() => 1 / ofLabel.length);
  for (let step = 0; step < mostSteps; step++) {
    const shares = weights.map(() => 0);
    for (let image = 0; image < images; image++) {
      const mixture = mixtureOf(weights, ofLabel, image);
      weights.forEach((weight, model) => {
        shares[model]! += (weight * ofLabel[model]![image]!) / mixture;
      });
    }
    const next = shares.map(share => share / images);
    const change = Math.max(...next.map((weight, model) => Math.abs(weight - weights[model]!)));
    weights = next;
    if (change < tolerance) break;
  }
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map(weight => weight / sum);
}

/** Mean cross-entropy of the weighted mean. */
export function ensembleLoss(weights: readonly number[], ofLabel: readonly Float32Array[]): number {
  const images = ofLabel[0]!.length;
  let loss = 0;
  for (let image = 0; image < images; image++) loss -= Math.log(mixtureOf(weights, ofLabel, image));
  return loss / images;
}

/** A model may be sure of what is wrong; the logarithm of 0 would outweigh all else. */
const smallest = 1e-12;

const mixtureOf = (weights: readonly number[], ofLabel: readonly Float32Array[], image: number) =>
  Math.max(
    smallest,
    weights.reduce((sum, weight, model) => sum + weight * ofLabel[model]![image]!, 0),
  );
