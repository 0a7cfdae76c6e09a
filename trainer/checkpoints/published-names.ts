/** From the names in a file of weights to those of the model. */
import { type Rule, timmRules } from './timm-names.js';

/** Names of files that torchvision publishes and its models translate when they load them. */
const torchvisionRules: readonly Rule[] = [
  // `densenet121-a639ec97.pth`: `denselayer1.norm.1` (torchvision/models/densenet.py, `_load_state_dict`).
  [/^(.*\.denselayer\d+\.(?:norm|conv))\.([12])\./, '$1$2.'],
  // `vit_b_16-c867db91.pth`: `mlp.linear_1` (torchvision/models/vision_transformer.py, `MLPBlock`).
  [/^(encoder\.layers\..*\.mlp)\.linear_1\./, '$1.0.'],
  [/^(encoder\.layers\..*\.mlp)\.linear_2\./, '$1.3.'],
];
const rules = [...torchvisionRules, ...timmRules];

/** What DistributedDataParallel, torch.compile, FSDP and activation checkpoints put around any part of a model. */
const transparent = new Set(['module', '_orig_mod', '_fsdp_wrapped_module', '_checkpoint_wrapped_module']);

export interface NamesOfFile {
  /** The model's name for what the file calls so; without those that the model doesn't have. */
  names: Map<string, string>;
  /** What stands in front of all of them: `model.backbone.`; empty: nothing. */
  prefix: string;
  /** Prefixes under which as much is found, if it can't be told which is meant. */
  alike: string[];
}

/**
 * Finds the model's tensors under whatever they are wrapped in: of all beginnings of the file's names the one after
 * which most of the model's are found, the shortest of equally good ones.
 *
 * @param known the model's names
 */
export function namesOfFile(file: Iterable<string>, known: ReadonlySet<string>): NamesOfFile {
  const plain = [...file].map(name => [name, withoutTransparent(name)] as const);
  const found = new Map<string, Set<string>>();
  for (const [, name] of plain)
    for (const prefix of prefixesOf(name)) {
      const own = modelName(name.slice(prefix.length), known);
      if (own !== undefined) found.set(prefix, (found.get(prefix) ?? new Set()).add(own));
    }
  const count = (prefix: string) => found.get(prefix)?.size ?? 0;
  const order = [...found.keys()].sort((a, b) => count(b) - count(a) || a.length - b.length);
  const prefix = order[0] ?? '';
  const names = new Map<string, string>();
  for (const [name, short] of plain) {
    const own = short.startsWith(prefix) ? modelName(short.slice(prefix.length), known) : undefined;
    if (own !== undefined) names.set(name, own);
  }
  const rivals = order.filter(
    other => count(other) === count(prefix) && !other.startsWith(prefix) && count(other) * 2 > known.size / 2,
  );
  return { names, prefix, alike: rivals.length === 0 ? [] : [prefix, ...rivals] };
}

const withoutTransparent = (name: string): string => {
  const parts = name.split('.');
  return parts.some(part => transparent.has(part))
    ? parts.filter(part => !transparent.has(part)).join('.')
    : name;
};

/** `a.b.c` → ``, `a.`, `a.b.` */
const prefixesOf = (name: string): string[] =>
  name.split('.').map((_, index, parts) => parts.slice(0, index).join('.') + (index === 0 ? '' : '.'));

function modelName(name: string, known: ReadonlySet<string>): string | undefined {
  if (known.has(name)) return name;
  for (const [pattern, replacement] of rules) {
    if (!pattern.test(name)) continue;
    const renamed = name.replace(pattern, replacement as string);
    if (known.has(renamed)) return renamed;
  }
  return undefined;
}
