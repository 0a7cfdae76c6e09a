/** Eighths of a character (Unicode's block elements). */
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

/** How much of something is done, in `width` columns: `███▌░░`. */
export function progressBar(share: number, width: number): string {
  const all = Math.floor(Math.min(1, Math.max(0, share)) * width * 8);
  const bar = '█'.repeat(all >> 3) + eighths[all & 7];
  return bar.padEnd(width, '░');
}
