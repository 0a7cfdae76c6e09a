import type { Standing } from '../../../domain/stored.js';
import { formatDuration } from '../../../text/times.js';
import { number, type ReportSection, text } from '../blocks.js';
import type { ReportReading } from '../read-report.js';

/** Training time of each value of each axis. */
export function costSection({ standings }: ReportReading): ReportSection {
  const section = { id: 'cost', title: 'Cost' };
  const measured = standings.filter(({ seconds }) => seconds !== null);
  if (measured.length === 0) return { ...section, blocks: [text('No training time has been measured yet.')] };
  const total = sum(measured);
  const cells = measured.reduce((count, standing) => count + standing.cells.length, 0);
  const axes = new Map<string, Map<string, Standing[]>>();
  for (const standing of measured)
    for (const [axis, label] of Object.entries(standing.labels)) {
      if (axis === 'seed') continue;
      const labels = axes.get(axis) ?? new Map<string, Standing[]>();
      labels.set(label, [...(labels.get(label) ?? []), standing]);
      axes.set(axis, labels);
    }
  const rows = [...axes].flatMap(([axis, labels]) =>
    [...labels].map(([label, own]) => {
      const count = own.reduce((all, standing) => all + standing.cells.length, 0);
      const seconds = sum(own);
      return [
        axis,
        label,
        number(count, String),
        number(seconds, formatDuration),
        number(seconds / count, formatDuration),
        number((100 * seconds) / total, share => `${share.toFixed(0)}%`),
      ];
    }),
  );
  return {
    ...section,
    blocks: [
      text(
        `${formatDuration(total)} of training in ${cells} cells, ${formatDuration(total / cells)} each on average, as it was measured on the slots that they ran on.`,
      ),
      ...(rows.length === 0
        ? []
        : [
            {
              type: 'table' as const,
              caption: 'Training time by the values of the axes',
              columns: [
                { name: 'axis' },
                { name: 'value' },
                { name: 'cells', isNumber: true },
                { name: 'training', isNumber: true },
                { name: 'a cell', isNumber: true },
                { name: 'share', isNumber: true },
              ],
              rows,
            },
          ]),
    ],
  };
}

const sum = (standings: readonly Standing[]) =>
  standings.reduce((all, { seconds, cells }) => all + (seconds ?? 0) * cells.length, 0);
