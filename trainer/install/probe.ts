import { fileURLToPath } from 'node:url';
import { probedEngine } from '../contract/answer-schemas.js';
import type { EngineInfo, EngineName } from '../contract/events.js';
import type { Precision } from '../contract/run-spec.js';
import type { Engine } from '../engine/engine.js';
import { runCommand } from '../engine/run-command.js';
import { checkedJson } from '../files/checked-json.js';

export type EngineStatus =
  | (EngineInfo & { available: true; precisions: readonly Precision[] })
  | { name: EngineName; available: false; reason: string };

type ProbedEngine = EngineInfo & Pick<Engine, 'precisions'>;

const worker = fileURLToPath(new URL('./probe-worker.js', import.meta.url));

/** Node prints an uncaught error with its place and stack; a reader wants the message. */
const errorMessage = (text: string) => /^(?:\w*Error): (.*)$/m.exec(text)?.[1] ?? text;

/** Whether the engine loads and computes: tried in a process of its own, which a broken library may kill. */
export async function probeEngine(name: EngineName, env: Record<string, string> = {}): Promise<EngineStatus> {
  try {
    const answer = await runCommand(process.execPath, [worker, name], { env, timeoutMs: 120_000 });
    const line = answer.trimEnd().split('\n').at(-1) ?? '';
    const engine = checkedJson<ProbedEngine>(line, probedEngine, 'the answer of the engine’s trial');
    return { ...engine, available: true };
  } catch (error) {
    return { name, available: false, reason: errorMessage(String((error as Error).message)) };
  }
}
