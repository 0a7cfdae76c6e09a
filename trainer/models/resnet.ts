/** torchvision's ResNets (He et al. 2015, https://arxiv.org/abs/1512.03385). */
import type { ModelInput } from './model.js';
import { basicBlock, bottleneckBlock } from './residual-blocks.js';
import { type ResnetParameters, residualNetwork } from './residual-network.js';

export const resnet18 = (parameters: ResnetParameters, input: ModelInput) =>
  residualNetwork(basicBlock, [2, 2, 2, 2], parameters, input);

export const resnet34 = (parameters: ResnetParameters, input: ModelInput) =>
  residualNetwork(basicBlock, [3, 4, 6, 3], parameters, input);

export const resnet50 = (parameters: ResnetParameters, input: ModelInput) =>
  residualNetwork(bottleneckBlock, [3, 4, 6, 3], parameters, input);
