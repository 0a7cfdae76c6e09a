/** Name of the layer that a tensor of the state dict belongs to: `layer1.0.conv1.weight` → `layer1.0.conv1`. */
export function layerOf(tensor: string): string {
  const end = tensor.lastIndexOf('.');
  return end < 0 ? tensor : tensor.slice(0, end);
}
