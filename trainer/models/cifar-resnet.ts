/**
 * The ResNets for CIFAR of He et al. 2015, section 4.2: three stages of 6n layers. Where shapes change, the shortcut is
 * a 1×1 convolution (option B) named as in torchvision, not the parameter-free one of the paper.
 */
import type { ModelInput } from './model.js';
import { basicBlock } from './residual-blocks.js';
import { type ResnetParameters, residualNetwork } from './residual-network.js';

const cifarResnet = (blocks: number) => (parameters: ResnetParameters, input: ModelInput) =>
  residualNetwork(basicBlock, [blocks, blocks, blocks], parameters, input);

export const resnet20 = cifarResnet(3);
export const resnet32 = cifarResnet(5);
export const resnet56 = cifarResnet(9);
