import { protocolVersion } from '../limits.js';
import type { SessionRequest } from '../messages.js';
import { RefusedError } from './refused-error.js';
import type { FarmEntry, Session } from './session.js';
import type { Token } from './tokens.js';

export interface AdmissionOptions {
  /** Of this program. */
  version: string;
  /** Undefined: agents of it aren't let in. */
  entryOf(entry: string | null): FarmEntry | undefined;
}

/** The entry of the slots file that an agent comes for. @throws RefusedError if it isn't let in */
export function admitted(
  { protocol, version, agentId, slots }: SessionRequest,
  token: Token,
  sessions: Iterable<Session>,
  options: AdmissionOptions,
): FarmEntry {
  if (protocol !== protocolVersion || version !== options.version)
    throw new RefusedError(
      426,
      `this grid is run by version ${options.version}, and the agent is version ${version}: install the same one`,
    );
  const entry = options.entryOf(token.entry);
  if (entry === undefined)
    throw new RefusedError(
      403,
      'this grid run has no entry in its slots file that agents with this token are for',
    );
  const others = [...sessions]
    .filter(each => each.entry === token.entry && each.agentId !== agentId)
    .reduce((sum, session) => sum + session.slots.size, 0);
  if (entry.mostSlots !== null && others + slots.length > entry.mostSlots)
    throw new RefusedError(403, `${others} slots are there, and at most ${entry.mostSlots} are wanted (max)`);
  return entry;
}
