/**
 * Every component by name with its parameters and their JSON Schema: names, meanings and defaults are
 * PyTorch's and torchvision's, in camelCase. The grid is checked against these tables, so that checking never
 * loads TensorFlow; the trainer's registries are typed by them.
 */
export * from './params/augmentation.js';
export * from './params/augmentation-presets.js';
export * from './params/augmentation-problems.js';
export * from './params/batch-norm.js';
export * from './params/models.js';
export * from './params/optimizers.js';
export * from './params/schedulers.js';
