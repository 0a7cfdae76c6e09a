import type { LocalEntry } from '../../local/backend.js';

/** Keys of an entry `backend: ssh`: those of the connection, and what the agent there opens as its local slots. */
export interface SshEntry extends LocalEntry {
  /** As ssh takes it: `alice@gpu-box`, or a `Host` of the configuration. */
  host: string;
  port?: number;
  identity?: string;
  sshConfig?: string;
  options?: string[];
  setup?: boolean;
}

/** For messages: two entries of one host may differ in their port. */
export const hostName = ({ host, port }: SshEntry): string => (port === undefined ? host : `${host}:${port}`);

/** Name of the agent there: without what no name may hold. */
export const agentName = ({ host, port }: SshEntry): string =>
  `${host.replace(/^.*@/, '')}${port === undefined ? '' : `-${port}`}`.replaceAll(/[^A-Za-z0-9._-]/g, '-');

/** The slots file of the agent there. */
export function localSlots({ host, port, identity, sshConfig, options, setup, ...local }: SshEntry): string {
  return JSON.stringify({ slots: [{ backend: 'local', ...local }] });
}
