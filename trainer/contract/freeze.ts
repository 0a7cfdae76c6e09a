/** What `train.freeze` names. */

/** An entry of a model's state dict, as the trainer's mode `entries` tells of it. */
export interface ModelEntry {
  name: string;
  role: 'parameter' | 'buffer' | 'counter' | 'table';
}

/** Whether a pattern matches a whole name; `*` stands for any characters, dots included. */
export function matchesPattern(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
