/**
 * timm's names for the tensors of models that torchvision has too. ResNets and DenseNets are named alike in both; our
 * ConvNeXts have timm's names. A name counts as timm's only if what it becomes is one of the model's.
 */

export type Rule = readonly [pattern: RegExp, replacement: string | ((...groups: string[]) => string)];

/** timm `vit_*` → torchvision `vit_b_16`. */
const visionTransformer: readonly Rule[] = [
  [/^cls_token$/, 'class_token'],
  [/^pos_embed$/, 'encoder.pos_embedding'],
  [/^patch_embed\.proj\./, 'conv_proj.'],
  [/^norm\./, 'encoder.ln.'],
  [/^head\./, 'heads.head.'],
  [/^blocks\.(\d+)\.norm([12])\./, 'encoder.layers.encoder_layer_$1.ln_$2.'],
  [/^blocks\.(\d+)\.attn\.qkv\.(.*)$/, 'encoder.layers.encoder_layer_$1.self_attention.in_proj_$2'],
  [/^blocks\.(\d+)\.attn\.proj\./, 'encoder.layers.encoder_layer_$1.self_attention.out_proj.'],
  [/^blocks\.(\d+)\.mlp\.fc1\./, 'encoder.layers.encoder_layer_$1.mlp.0.'],
  [/^blocks\.(\d+)\.mlp\.fc2\./, 'encoder.layers.encoder_layer_$1.mlp.3.'],
];

const next = (stage: string) => String(Number(stage) + 1);
/** Parts of a block with depthwise convolution first (stage 0) and with expansion first. */
const separableParts: Record<string, string> = {
  conv_dw: '0.0',
  bn1: '0.1',
  'se.conv_reduce': '1.fc1',
  'se.conv_expand': '1.fc2',
  conv_pw: '2.0',
  bn2: '2.1',
};
const invertedParts: Record<string, string> = {
  conv_pw: '0.0',
  bn1: '0.1',
  conv_dw: '1.0',
  bn2: '1.1',
  'se.conv_reduce': '2.fc1',
  'se.conv_expand': '2.fc2',
  conv_pwl: '3.0',
  bn3: '3.1',
};

/** timm `efficientnet_b0` → torchvision `efficientnet_b0`. */
const efficientNet: readonly Rule[] = [
  [/^conv_stem\./, 'features.0.0.'],
  [/^bn1\./, 'features.0.1.'],
  [/^conv_head\./, 'features.8.0.'],
  [/^bn2\./, 'features.8.1.'],
  [/^classifier\./, 'classifier.1.'],
  [
    /^blocks\.(\d+)\.(\d+)\.(.+)\.(\w+)$/,
    (_, stage, block, part, leaf) => {
      const parts = stage === '0' ? separableParts : invertedParts;
      return `features.${next(stage!)}.${block}.block.${parts[part!]}.${leaf}`;
    },
  ],
];

/** Number of the first block of each of timm's stages among torchvision's. */
const mobileNetStages = [1, 2, 4, 7, 9];
const ofMobileNetBlock =
  (parts: Record<string, string>) => (_: string, stage: string, block: string, part: string) =>
    `features.${mobileNetStages[Number(stage)]! + Number(block)}.block.${parts[part]}.`;

/** timm `mobilenetv3_small_*` → torchvision `mobilenet_v3_small`. */
const mobileNet: readonly Rule[] = [
  [/^conv_stem\./, 'features.0.0.'],
  [/^bn1\./, 'features.0.1.'],
  [/^blocks\.5\.0\.conv\./, 'features.12.0.'],
  [/^blocks\.5\.0\.bn1\./, 'features.12.1.'],
  // In timm a 1×1 convolution after the pooling.
  [/^conv_head\./, 'classifier.0.'],
  [/^classifier\./, 'classifier.3.'],
  [
    /^blocks\.(0)\.(0)\.(conv_dw|bn1|se\.conv_reduce|se\.conv_expand|conv_pw|bn2)\./,
    ofMobileNetBlock(separableParts),
  ],
  [
    /^blocks\.([1-4])\.(\d)\.(conv_pw|bn1|conv_dw|bn2|se\.conv_reduce|se\.conv_expand|conv_pwl|bn3)\./,
    ofMobileNetBlock(invertedParts),
  ],
  // Blocks without squeeze and excitation.
  [/^blocks\.([1-4])\.(\d)\.(conv_pwl|bn3)\./, ofMobileNetBlock({ conv_pwl: '2.0', bn3: '2.1' })],
];

/** timm `swin_*` (stages begin with their downsampling) → torchvision `swin_t`. */
const swin: readonly Rule[] = [
  [/^patch_embed\.proj\./, 'features.0.0.'],
  [/^patch_embed\.norm\./, 'features.0.2.'],
  [/^head\.fc\./, 'head.'],
  [/^layers\.(\d+)\.downsample\./, (_, stage) => `features.${2 * Number(stage)}.`],
  [
    /^layers\.(\d+)\.blocks\.(\d+)\.mlp\.fc1\./,
    (_, stage, block) => `features.${2 * Number(stage) + 1}.${block}.mlp.0.`,
  ],
  [
    /^layers\.(\d+)\.blocks\.(\d+)\.mlp\.fc2\./,
    (_, stage, block) => `features.${2 * Number(stage) + 1}.${block}.mlp.3.`,
  ],
  [/^layers\.(\d+)\.blocks\.(\d+)\./, (_, stage, block) => `features.${2 * Number(stage) + 1}.${block}.`],
];

export const timmRules = [...visionTransformer, ...efficientNet, ...mobileNet, ...swin];
