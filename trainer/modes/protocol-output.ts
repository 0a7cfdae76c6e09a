/** Events are alone on stdout: whatever else would be written there goes to stderr. */
import type { TrainerEvent } from '../contract/events.js';

/** Takes stdout over; returns what writes an event to it. */
export function claimStdout(): (event: TrainerEvent) => void {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  // Also catches console.log and libraries that write to the stream themselves.
  stdout.write = stderr.write.bind(stderr) as typeof stdout.write;
  // The runner is gone (EPIPE): so is the reason to go on.
  stdout.on('error', () => process.exit(0));
  return event => {
    write(`${JSON.stringify(event)}\n`);
  };
}
