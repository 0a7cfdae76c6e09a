import { oneLine } from '../call.js';
import { hostName, type SshEntry } from './entry.js';

export interface Trouble {
  /** Trying again helps nothing: a person has to do something first. */
  isLasting: boolean;
  words: string;
}

/** What ssh says, whether that lasts, and the way out. `HOST` stands for the entry's. */
const known: readonly [said: RegExp, isLasting: boolean, wayOut: string][] = [
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key for .* has changed/i,
    true,
    'its host key is another than the one that ~/.ssh/known_hosts has: if the host was set up anew, `ssh-keygen -R HOSTNAME`, then `ssh HOST` once',
  ],
  [
    /Host key verification failed|No .* host key is known/i,
    true,
    'its host key isn’t known here yet: `ssh HOST` once by hand and compare it',
  ],
  [
    /Permission denied|Too many authentication failures|no such identity|sign_and_send_pubkey/i,
    true,
    'no key opens it without a password: `ssh-copy-id HOST`, name one with identity:, or load it with `ssh-add`',
  ],
  [
    /Bad configuration option|terminating, .* bad configuration|Can't open user config|keyword .* extra arguments/i,
    true,
    'mend options: or the ssh configuration',
  ],
  [
    /Temporary failure in name resolution/i,
    false,
    'no names can be looked up here for now: is this machine’s network up?',
  ],
  [
    /Could not resolve hostname|Name or service not known|nodename nor servname/i,
    true,
    'there is no host of that name: mend host:, or give it a HostName in ~/.ssh/config',
  ],
  [
    /remote port forwarding failed|administratively prohibited/i,
    false,
    'it lets no port be forwarded: AllowTcpForwarding and PermitListen of its sshd_config must let it, and the port must be free',
  ],
  [/Connection refused/i, false, 'no sshd listens there: start it, or set port:'],
  [
    /No route to host|Network is unreachable|Operation timed out|Connection timed out|timed out during banner/i,
    false,
    'it can’t be reached: is it up, and is there a way to it from here?',
  ],
  [/No space left|Disk quota exceeded/i, true, 'its disk is full: make room in its ~/.cache/gridfarm'],
  [/Read-only file system|cannot create|can't create/i, true, 'its home folder can’t be written to'],
];

/** Nothing can be done without it. */
export const noSsh: Trouble = {
  isLasting: true,
  words: 'there is no program ssh here: install OpenSSH (apt-get install openssh-client)',
};

/** Of what ssh (or a shell that it started) wrote to stderr. */
export function troubleOf(said: string, entry: SshEntry): Trouble {
  const host = hostName(entry);
  const line = oneLine(said.trim().split('\n').at(-1) ?? '') || 'no answer';
  const match = known.find(([pattern]) => pattern.test(said));
  if (match === undefined) return { isLasting: false, words: `${host}: ${line}` };
  const [pattern, isLasting, wayOut] = match;
  const telling =
    said
      .split('\n')
      .find(text => pattern.test(text))
      ?.trim() ?? line;
  const advice = wayOut.replaceAll('HOSTNAME', entry.host.replace(/^.*@/, '')).replaceAll('HOST', entry.host);
  return { isLasting, words: `${host}: ${telling}; ${advice}` };
}
