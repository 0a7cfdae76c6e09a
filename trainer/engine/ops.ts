/**
 * The operations that models, losses and optimizers are built from: one object an engine, so that fused native
 * kernels and composed WebAssembly ones stand behind the same names. Images are NHWC, filters HWIO.
 */
import type * as tfc from '@tensorflow/tfjs-core';

export type TensorFlow = typeof tfc;
export type Tensor = tfc.Tensor;

export interface Convolution {
  stride: number;
  /** Zeros added on each of the four sides (PyTorch's meaning, not TensorFlow's SAME). */
  padding: number;
}

/** [C] each. */
export interface BatchNormTensors {
  scale: Tensor;
  offset: Tensor;
  runningMean: Tensor;
  runningVariance: Tensor;
}

export interface BatchNormOptions {
  /** Batch statistics instead of the running ones. */
  training: boolean;
  /** max(0, ·) fused onto it where the engine can. */
  relu?: boolean;
  /** PyTorch's: share of the batch in the new running statistics. Default 0.1. */
  momentum?: number;
  /** Default 1e-5. */
  epsilon?: number;
  /**
   * Called in training with the new running statistics (`(1 - momentum) running + momentum batch`, unbiased
   * variance). They outlive the surrounding `tidy` and belong to the callee.
   */
  onRunning?: (mean: Tensor, variance: Tensor) => void;
}

/** Which tokens attend to each other: those of a window. */
export interface Windows {
  /** Number of windows that the tokens of an image are spread over. */
  count: number;
  /** The token in each place of each window, one window after the other; -1: padding. Every token has one place. */
  tokens: Int32Array;
  /** [3·C]: query, key and value of the padding. */
  padding: Tensor;
}

export interface AttentionOptions {
  heads: number;
  /** Without them, all tokens of an image are one window. */
  windows?: Windows;
  /** [windows or 1, heads, T, T], T tokens of a window: added to the scores; differentiable. */
  bias?: Tensor;
  /** [N·windows, heads, T, T]: factors of the weights (dropout). */
  factors?: Tensor;
}

/** All differentiable where training needs it. A result belongs to the surrounding `tidy`. */
export interface Ops {
  /** x [N,H,W,I], filter [h,w,I,O] → [N,H',W',O]. */
  conv2d(x: Tensor, filter: Tensor, options: Convolution): Tensor;
  /** A filter of its own for each channel: x [N,H,W,C], filter [h,w,C,1] → [N,H',W',C]. */
  depthwiseConv2d(x: Tensor, filter: Tensor, options: Convolution): Tensor;
  /** x [..,C] + bias [C]. */
  addBias(x: Tensor, bias: Tensor): Tensor;
  /** x [N,H,W,C] → the same shape. */
  batchNorm(x: Tensor, tensors: BatchNormTensors, options: BatchNormOptions): Tensor;
  relu(x: Tensor): Tensor;
  /** x · sigmoid(x) (Elfwing et al. 2017, "swish"). */
  silu(x: Tensor): Tensor;
  /** x · min(max(x + 3, 0), 6) / 6 (Howard et al. 2019). */
  hardSwish(x: Tensor): Tensor;
  /** min(max(x + 3, 0), 6) / 6. */
  hardSigmoid(x: Tensor): Tensor;
  /** relu(x + y): end of a residual block. */
  addRelu(x: Tensor, y: Tensor): Tensor;
  /**
   * Layer normalization (Ba et al. 2016) over the last axis with the biased variance, x [..,C], scale and offset [C] →
   * the shape of x.
   */
  layerNorm(x: Tensor, scale: Tensor, offset: Tensor, epsilon: number): Tensor;
  /** x Φ(x) with the exact normal distribution Φ (Hendrycks & Gimpel 2016), not its tanh approximation. */
  gelu(x: Tensor): Tensor;
  /** x [..,I], weight [O,I] (PyTorch's layout), bias [O] or none → [..,O]. */
  linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor;
  /**
   * Scaled dot-product attention with several heads (Vaswani et al. 2017): qkv [N,P,3·C], for P tokens the queries of all
   * heads, then the keys, then the values (PyTorch's `in_proj_weight`, torchvision's `qkv`) → [N,P,C]:
   * softmax(q kᵀ / √(C / heads) + bias) v of each head within each window.
   */
  attention(qkv: Tensor, options: AttentionOptions): Tensor;
  /** Padding counts as -inf; the gradient goes to the first maximum. */
  maxPool(x: Tensor, options: { size: number; stride: number; padding: number }): Tensor;
  /** PyTorch's AdaptiveMaxPool2d to size × size. */
  adaptiveMaxPool(x: Tensor, size: number): Tensor;
  /** Windows of size × size without padding, side by side: x [N,H,W,C] → [N,floor(H/size),floor(W/size),C]. */
  averagePool(x: Tensor, size: number): Tensor;
  /** [N,H,W,C] → [N,C]. */
  globalAveragePool(x: Tensor): Tensor;
  /** Each channel of each image times a number of its own: x [N,H,W,C], scale [N,C] → the shape of x. */
  scaleChannels(x: Tensor, scale: Tensor): Tensor;
  /** logits [N,C], targets [N,C] (rows sum to 1) → per-sample loss [N]. */
  softmaxCrossEntropy(logits: Tensor, targets: Tensor): Tensor;
  /** Bytes 0..255, shape [N,H,W,C] → float32 tensor of the same values. */
  imagesFromBytes(bytes: Uint8Array, shape: [number, number, number, number]): Tensor;
}
