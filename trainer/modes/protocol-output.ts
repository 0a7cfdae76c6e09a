/** Events and answers are alone on stdout: whatever else would be written there goes to stderr. */

/** Takes stdout over; returns what writes an event, or an answer, to it as a line of JSON. */
export function claimStdout<Line>(): (line: Line) => void {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  // Also catches console.log and libraries that write to the stream themselves.
  stdout.write = stderr.write.bind(stderr) as typeof stdout.write;
  // The runner is gone (EPIPE): so is the reason to go on.
  stdout.on('error', () => process.exit(0));
  return line => {
    write(`${JSON.stringify(line)}\n`);
  };
}
