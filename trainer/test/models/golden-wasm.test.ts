import { onEngine } from '../on-engine.js';
import { modelSuite } from './golden-suite.js';

// One of each kind of block: the others differ in depth alone, and the native engine runs them all.
await onEngine('wasm', engine =>
  modelSuite(engine, [
    'resnet18_stem3_pool',
    'resnet50',
    'efficientnet_b0_stem1',
    'mobilenet_v3_small',
    'convnext_atto',
    'vit_small_40',
    'swin_small_40',
  ]),
);
