import { timeOfDay } from '../text/times.js';
import { bestLine, totalsLine } from './lines.js';
import { plainLog } from './plain-log.js';
import type { RunView, ShownRuns, WriteLine } from './view.js';

/** So often a line says how far the whole is. */
const totalsMs = 60_000;
/** Of that line: a log has no width, and nobody reads more at once. */
const lineColumns = 160;

/** Lines that come one after the other: for pipes, logs and CI. */
export function plainView(write: WriteLine): RunView {
  return {
    isLive: false,
    async step(title, work) {
      let shown = title;
      const result = await work(text => {
        shown = text;
      });
      write(shown);
      return result;
    },
    async runs(shown, work) {
      const timer = setInterval(() => writeTotals(shown, write), totalsMs);
      try {
        return await work(plainLog(shown, write));
      } finally {
        clearInterval(timer);
      }
    },
    line: write,
  };
}

/** `14:32:05 3 of 12 done  2 running  7 queued  4 min left  until 14:36; best validationAccuracy 0.9731 …` */
function writeTotals({ read }: ShownRuns, write: WriteLine): void {
  let progress: ReturnType<typeof read>;
  try {
    progress = read();
  } catch {
    // Who must write to the store tells of what is wrong with it.
    return;
  }
  if (progress === null) return;
  const best = bestLine(progress, lineColumns);
  write(`${timeOfDay()} ${totalsLine(progress, lineColumns)}${best && `; ${best}`}`);
}

/** One JSON object a line: the scheduler's events without `progress`, last the summary. */
export function jsonView(write: WriteLine): RunView {
  return {
    isLive: false,
    step: (_, work) => work(() => {}),
    async runs(_, work) {
      const summary = await work(event => {
        if (event.type !== 'trainer' || event.event.type !== 'progress') write(JSON.stringify(event));
      });
      write(JSON.stringify({ type: 'summary', ...summary }));
      return summary;
    },
    line() {},
  };
}
