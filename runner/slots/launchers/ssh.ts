import { integer, shape } from '../../../trainer/contract/shape.js';
import { localBackend } from '../local/backend.js';
import type { Launcher } from './launcher.js';
import { fleetNameSchema, Notes, newFleetName } from './notes.js';
import { checkHost } from './ssh/check.js';
import { SshConnection } from './ssh/connection.js';
import type { SshEntry } from './ssh/entry.js';
import { newPort, SshFleet, type SshNotes } from './ssh/fleet.js';

const notesSchema = shape<SshNotes>({
  fleet: fleetNameSchema,
  port: integer,
  isStarted: { type: 'boolean' },
});

/** An agent on a host that ssh leads to. It outlives the connection and the runner. */
export const sshLauncher: Launcher<SshEntry> = {
  name: 'ssh',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['host'],
    properties: {
      host: {
        type: 'string',
        pattern: '^[^-\\s][^\\s]*$',
        description: 'As ssh takes it: alice@gpu-box, or a Host of ~/.ssh/config',
      },
      port: { type: 'integer', minimum: 1, maximum: 65_535, description: 'Of its sshd' },
      identity: { type: 'string', minLength: 1, description: 'File of the key that opens it' },
      sshConfig: { type: 'string', minLength: 1, description: 'In place of ~/.ssh/config' },
      options: {
        type: 'array',
        items: { type: 'string', pattern: '^[A-Za-z]+[ =].+$' },
        description: 'More options of ssh: ProxyJump=gate',
      },
      ...localProperties(),
    },
  },

  max: () => 1,

  async open(entry, context) {
    const begin = () => ({ fleet: newFleetName(), port: newPort(), isStarted: false });
    const notes = await Notes.open(context.folder, notesSchema, begin);
    const fleet = new SshFleet(entry, context, new SshConnection(entry, context.environment), notes);
    await fleet.opened();
    return fleet;
  },

  check: checkHost,
};

/** What the agent there opens. */
function localProperties(): object {
  const { properties } = localBackend.schema as { properties: object };
  return properties;
}
