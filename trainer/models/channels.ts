/**
 * `channels` × `multiplier` to the nearest multiple of 8, but never more than 10% less (the MobileNets' rule, torchvision's
 * `_make_divisible`).
 */
export function scaledChannels(channels: number, multiplier = 1): number {
  const wanted = channels * multiplier;
  const rounded = Math.max(8, Math.floor((wanted + 4) / 8) * 8);
  return rounded < 0.9 * wanted ? rounded + 8 : rounded;
}
