/**
 * The ResNets for CIFAR of He et al. 2015, section 4.2: three stages of 6n layers. Where shapes change, the shortcut is
 * a 1×1 convolution (option B) named as in torchvision, not the parameter-free one of the paper.
 */
import type { ModelInput } from './model.js';
import { basicBlock } from './residual-blocks.js';
import { type ResnetParameters, residualNetwork } from './residual-network.js';

export const resnet20 = (parameters: ResnetParameters, input: ModelInput) =>
  residualNetwork(basicBlock, [3, 3, 3], parameters, input);
