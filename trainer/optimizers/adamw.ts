import { type AdamSettings, createAdamFamily } from './adam.js';
import type { OptimizerFactory } from './optimizer.js';

/** torch.optim.AdamW (Loshchilov and Hutter 2019): weight decay apart from the gradient. */
export const createAdamW: OptimizerFactory<AdamSettings> = (settings, engine, parameters) =>
  createAdamFamily(settings, true, engine, parameters);
