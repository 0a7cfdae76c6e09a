/** What the heads of all models have in common. */
import type { Schema } from '../schema.js';

export const hiddenLayers: Schema = {
  type: 'array',
  default: [],
  items: { type: 'integer', minimum: 1 },
  maxItems: 8,
  description: 'Widths of extra linear layers (each with ReLU) before the last one',
};
