/** How a data set's table writes the ids of its images. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageExtension } from '../contract/image-files.js';
import type { DataSpec } from '../contract/run-spec.js';
import { findColumn, readTable } from '../data/formats/csv-table.js';

/**
 * Name of an image → its id, with or without folder and extension as in the first row of the training table. Without a
 * table at hand: without the folder that all of `names` are in.
 */
export function idStyle(data: DataSpec, names: readonly string[]): (name: string) => string {
  const example = firstId(data);
  const hasFolder = example?.includes('/') ?? false;
  const hasExtension = example === undefined || imageExtension.test(example);
  const first = names[0] ?? '';
  const prefix = first.slice(0, first.lastIndexOf('/') + 1);
  const common = !hasFolder && names.every(name => name.startsWith(prefix)) ? prefix.length : 0;
  return name => {
    const path = name.slice(common);
    return hasExtension ? path : path.replace(/\.[^./]*$/, '');
  };
}

function firstId({ format, root, labels, columns }: DataSpec): string | undefined {
  if (format !== 'csv' || labels === null) return undefined;
  const rows: string[][] = [];
  try {
    readTable(readFileSync(join(root, labels)), {
      columns: [columns.id, columns.label],
      row: fields => {
        if (rows.length < 2) rows.push(fields);
      },
    });
  } catch {
    // The model can be used where its data isn't.
    return undefined;
  }
  const [header, row] = rows;
  return header && row?.[findColumn(header, columns.id)];
}
