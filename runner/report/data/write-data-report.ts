import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataReport } from '../../../trainer/contract/data-report.js';
import { atomicWrite } from '../../../trainer/files/atomic-write.js';
import { brightnessChart } from './brightness-chart.js';
import { classChart } from './class-chart.js';
import { dataPage } from './page.js';

/**
 * Writes `index.html`, the charts as SVG and the facts as JSON beside the pictures that the trainer has left in `outDir`.
 *
 * @returns path of the page
 */
export function writeDataReport(outDir: string, name: string, report: DataReport): string {
  const { content } = report;
  const charts =
    content === null
      ? {}
      : { 'classes.svg': classChart(content.classes), 'brightness.svg': brightnessChart(content.channels) };
  for (const [file, svg] of Object.entries(charts)) atomicWrite(join(outDir, file), svg);
  atomicWrite(join(outDir, 'report.json'), `${JSON.stringify(report)}\n`);
  const page = join(outDir, 'index.html');
  const read = ({ file }: { file: string }) => readFileSync(join(outDir, file));
  atomicWrite(page, dataPage({ name, report, charts: Object.values(charts), read }));
  return page;
}
