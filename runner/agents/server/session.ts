import type { EngineName } from '../../../trainer/contract/events.js';
import type { OfferedEngine } from '../../trainer-client/trainer-run.js';
import type { CommandsAnswer, CommandsRequest, SendEvery } from '../messages.js';
import type { AgentSlot } from './agent-slot.js';

/** An entry of the slots file whose agents are awaited. */
export interface FarmEntry {
  /** What their slots count as. */
  backend: string;
  /** Most of them; null: any number. */
  mostSlots: number | null;
  sendEvery: SendEvery;
  /** On which all runs are to be, by the user's word; null, absent: each agent takes the best that its machine has. */
  engine?: EngineName | null;
}

/** Is told of the slots of agents. */
export interface SlotListener {
  join(slot: AgentSlot): void;
  leave(slotId: string, reason: string): void;
}

/** An agent that is in touch. */
export interface Session {
  id: string;
  agentId: string;
  name: string;
  tokenId: string;
  entry: string | null;
  secondsLeft: number | null;
  /** The best that its machine has; null: none came up. */
  engine: OfferedEngine | null;
  /** Hashes of sent data that it has from before. */
  data: ReadonlySet<string>;
  /** By their names on the agent. */
  slots: Map<string, AgentSlot>;
  silentMs: number;
  hear(): void;
}

/** What runs are to do other than their agent knows; what is somebody else's by now is to end. */
export function newCommands(
  slots: Iterable<AgentSlot>,
  known: CommandsRequest['known'],
): CommandsAnswer['commands'] {
  const runs = new Map(
    [...slots].flatMap(slot => [...slot.runs].map(run => [run.ref, run.command] as const)),
  );
  const told = new Map(known.map(({ ref, command }) => [ref, command]));
  const changed = [...runs].filter(([ref, command]) => command !== (told.get(ref) ?? 'go'));
  const lost = known.filter(({ ref, command }) => !runs.has(ref) && command !== 'kill');
  return [
    ...changed.map(([ref, command]) => ({ ref, command })),
    ...lost.map(({ ref }) => ({ ref, command: 'kill' as const })),
  ];
}
