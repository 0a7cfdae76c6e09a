import { resolve } from 'node:path';
import { describeData } from '../../planning/describe-data.js';
import { summaryLines } from '../../report/data/summary.js';
import { writeDataReport } from '../../report/data/write-data-report.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { askedPlace } from '../asked-place.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printJson, printLine } from '../output.js';

type Own = Options<
  'augmented' | 'cell' | 'reportFolder' | 'imagesPerClass' | 'askedSlots' | 'askedEntry' | 'json'
>;

export async function reportData(source: string, options: Own, context: CommandContext): Promise<void> {
  const { cell, augmented = false, samples: samplesPerClass, out } = options;
  const described = await describeData(
    source,
    { cell, augmented, samplesPerClass, folder: out === undefined ? undefined : resolve(out) },
    await askedPlace(options, context),
    new ResultsPaths(options.results),
  );
  const { name, folder, report, guess } = described;
  const page = writeDataReport(folder, name, report);
  if (options.json) printJson(context, { name, page, ...(guess && { guess }), ...report });
  else for (const line of summaryLines(described, page)) printLine(context, line);
  if (report.content === null) context.exitWith(2);
}
