import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSpec } from '../../../trainer/contract/run-spec.js';
import { claimsOf, verifyClaims } from '../../conclusions/claims.js';
import { UsageError } from '../../domain/error.js';
import { describeData } from '../../planning/describe-data.js';
import { writeDataReport } from '../../report/data/write-data-report.js';
import { differenceLines } from '../../report/grid/difference-lines.js';
import { readClaims } from '../../report/grid/kept-claims.js';
import { type KeptData, readKeptData } from '../../report/grid/kept-data.js';
import { readReport } from '../../report/grid/read-report.js';
import { gridReport } from '../../report/grid/report.js';
import { pageName, writeReport } from '../../report/grid/write-report.js';
import { readPredictions } from '../../store/kept-predictions.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { askedPlace } from '../asked-place.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printJson, printLine } from '../output.js';
import { outputFolder, writing } from '../output-folder.js';
import { tolerant } from '../tolerant.js';
import { withReader } from '../with-store.js';

type Own = Options<'reportFolder' | 'verify' | 'json'>;

export async function reportGrid(
  grid: string | undefined,
  options: Own,
  context: CommandContext,
): Promise<void> {
  if (options.verify !== undefined) return verify(grid, options.verify, options, context);
  const paths = new ResultsPaths(options.results);
  const [report, folder] = await withReader(options, async store => {
    const { name, file } = store.grid(grid);
    const out = options.out === undefined ? paths.gridReport(name) : outputFolder('--out', options.out);
    const kept = await dataOf(store.storedCells(name)[0]?.spec, file, paths, options, context);
    return [gridReport(readReport(store, paths, name, kept)), out] as const;
  });
  const written = writing('--out', () => writeReport(folder, report));
  if (options.json) printJson(context, { grid: report.grid, ...written, claims: report.claims });
  else {
    const undecided = report.claims.filter(({ verdict }) => verdict !== 'holds').length;
    printLine(context, `${report.grid}: ${report.claims.length} claims, ${undecided} of them undecided`);
    for (const path of Object.values(written)) printLine(context, `→ ${path}`);
  }
}

/** What `grid data` found, else finds now; the report does without it where the data isn't here. */
async function dataOf(
  spec: Readonly<RunSpec> | undefined,
  file: string,
  paths: ResultsPaths,
  options: Own,
  context: CommandContext,
): Promise<KeptData | null> {
  if (spec === undefined || spec.trainer !== null) return null;
  const folder = paths.dataReport(spec.data.name);
  const kept = readKeptData(folder);
  if ((kept !== null && kept.report.content?.augmented.length !== 0) || !existsSync(file)) return kept;
  context.stderr.write(`Looking at the data of ${file} …\n`);
  try {
    const place = await askedPlace({ ...options, slots: undefined, entry: undefined }, context);
    const asked = { cell: undefined, augmented: true, samplesPerClass: 8, folder: undefined };
    const { name, report } = await describeData(file, asked, place, paths);
    writeDataReport(folder, name, report);
  } catch (error) {
    context.stderr.write(`warning: the report does without the data: ${(error as Error).message}\n`);
  }
  return readKeptData(folder);
}

async function verify(
  grid: string | undefined,
  file: string | true,
  options: Own,
  context: CommandContext,
): Promise<void> {
  if (options.out !== undefined)
    throw new UsageError('--out is of a report that is written, --verify of one that was');
  const paths = new ResultsPaths(options.results);
  const path =
    file === true
      ? join(await withReader(options, store => paths.gridReport(store.grid(grid).name)), pageName)
      : file;
  const kept = readClaims(contentOf(path), path);
  const differences = await withReader(options, store =>
    verifyClaims(
      kept.claims,
      claimsOf(store, kept.grid, kept.claims, cell =>
        tolerant(() => readPredictions(paths.cell(cell)), context),
      ),
    ),
  );
  if (options.json) printJson(context, { grid: kept.grid, claims: kept.claims.length, differences });
  else for (const line of differenceLines(kept, differences)) printLine(context, line);
  if (differences.length > 0) context.exitWith(1);
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`${path}: ${(cause as Error).message}; \`grid report\` writes one`, { cause });
  }
}
