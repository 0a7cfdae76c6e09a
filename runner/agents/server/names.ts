import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fittingJson } from '../../../trainer/files/checked-json.js';

/** The name under which each agent is known here: the one that it gave, with a number after it where another has that already. */
export class Names {
  readonly #byAgent: Map<string, string>;

  /** `save` writes the file whole. */
  constructor(
    private readonly path: string,
    private readonly save: (path: string, content: string) => void,
  ) {
    this.#byAgent = new Map(Object.entries(readNames(path)));
  }

  of(agentId: string, wanted: string): string {
    const known = this.#byAgent.get(agentId);
    if (known !== undefined && (known === wanted || known.startsWith(`${wanted}-`))) return known;
    const taken = new Set(this.#byAgent.values());
    let name = wanted;
    for (let count = 2; taken.has(name); count++) name = `${wanted}-${count}`;
    this.#byAgent.set(agentId, name);
    mkdirSync(dirname(this.path), { recursive: true });
    this.save(this.path, `${JSON.stringify(Object.fromEntries(this.#byAgent), undefined, 2)}\n`);
    return name;
  }
}

function readNames(path: string): Record<string, string> {
  try {
    return (
      fittingJson(readFileSync(path, 'utf8'), { type: 'object', additionalProperties: { type: 'string' } }) ??
      {}
    );
  } catch {
    return {};
  }
}
