/** What `grid data` found of a data set and left in the results. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { dataReport } from '../../../trainer/contract/answer-schemas.js';
import type { DataReport, Picture } from '../../../trainer/contract/data-report.js';
import { fittingJson } from '../../../trainer/files/checked-json.js';

export interface KeptData {
  report: DataReport;
  /** The PNG file of a picture; null: it is gone. */
  read(picture: Picture): Uint8Array | null;
}

/** Null where there is none, or none that can be read: it is made again. */
export function readKeptData(folder: string): KeptData | null {
  const file = join(folder, 'report.json');
  if (!existsSync(file)) return null;
  const report = fittingJson<DataReport>(readFileSync(file, 'utf8'), dataReport);
  if (report === undefined) return null;
  const read = ({ file }: Picture) => {
    const path = resolve(folder, file);
    // A results folder may come from elsewhere: nothing outside of it is shown.
    return path.startsWith(resolve(folder) + sep) && existsSync(path) ? readFileSync(path) : null;
  };
  return { report, read };
}
