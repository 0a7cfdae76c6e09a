import { readFileSync } from 'node:fs';
import { readTable } from '../formats/csv-table.js';

/** Header and some rows of a table, from all of it: sorted tables begin with one class alone. */
export interface TableSample {
  header: string[];
  rows: string[][];
}

const mostRows = 4000;

/** Throws a CsvError for what can't be read; without rows where there are none. */
export function sampleTable(path: string): TableSample {
  let header: string[] | undefined;
  let rows: string[][] = [];
  let every = 1;
  let seen = 0;
  readTable(readFileSync(path), {
    columns: [],
    row: fields => {
      if (!header) {
        header = fields;
        return;
      }
      if (seen++ % every === 0) rows.push(fields);
      if (rows.length < 2 * mostRows) return;
      rows = rows.filter((_, place) => place % 2 === 0);
      every *= 2;
    },
  });
  return { header: header ?? [], rows };
}
