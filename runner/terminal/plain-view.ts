import { plainLog } from './plain-log.js';
import type { RunView, WriteLine } from './view.js';

/** Lines that come one after the other: for pipes, logs and CI. */
export function plainView(write: WriteLine): RunView {
  return {
    async step(title, work) {
      let shown = title;
      const result = await work(text => {
        shown = text;
      });
      write(shown);
      return result;
    },
    runs: (shown, work) => work(plainLog(shown, write)),
    line: write,
  };
}

/** One JSON object a line: the scheduler's events without `progress`, last the summary. */
export function jsonView(write: WriteLine): RunView {
  return {
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
