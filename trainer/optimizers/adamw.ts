import { adamFamily } from './adam.js';

/** torch.optim.AdamW (Loshchilov and Hutter 2019): weight decay apart from the gradient. */
export const adamw = adamFamily(true);
