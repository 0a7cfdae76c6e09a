/** Where a parameter sits between the images and the logits, told by its name and its place in the state dict. */

/** `layer1.0`, `features.3.1`, `encoder.layers.encoder_layer_5`, `features.denseblock2.denselayer4`: a repeated block. */
function blockOf(name: string): string | null {
  const parts = name.split('.');
  const first = parts.findIndex(part => /\d$/.test(part));
  if (first < 0) return null;
  const isInner = /^(\d+|[a-z]*layer\d+)$/.test(parts[first + 1] ?? '');
  const length = first + (isInner && first + 2 < parts.length - 1 ? 2 : 1);
  // One part after it: a layer with its own weight, not a block of layers.
  return length < parts.length - 1 ? parts.slice(0, length).join('.') : null;
}

/**
 * Depth of each parameter: 0 for the stem (all before the first block), then one more for each block, and one more for
 * the head (all after the last block). What lies between two blocks belongs to the one before it.
 *
 * @param names all parameters in the order of the state dict
 */
export function layerDepths(names: readonly string[]): Map<string, number> {
  const blocks = names.map(blockOf);
  const lastInBlock = blocks.findLastIndex(block => block !== null);
  const depths = new Map<string, number>();
  let depth = 0;
  let current: string | null = null;
  for (const [index, name] of names.entries()) {
    const block = blocks[index]!;
    const isHead = index === lastInBlock + 1;
    if (isHead || (block !== null && block !== current)) depth += 1;
    current = block ?? current;
    depths.set(name, depth);
  }
  return depths;
}
