/** Says what a data set holds, without an engine. */
import { text } from 'node:stream/consumers';
import { dataSpec } from '../contract/request-schemas.js';
import type { DataSpec } from '../contract/run-spec.js';
import { inspectData } from '../data/inspect.js';
import { checkedJson } from '../files/checked-json.js';

/** A DataSpec as JSON on stdin → a DataInspection as JSON on stdout. `cache`: absolute folder for decoded data. */
export async function printInspection({ cache }: { cache?: string | undefined }): Promise<void> {
  const spec = checkedJson<DataSpec>(await text(process.stdin), dataSpec, 'a DataSpec');
  process.stdout.write(
    `${JSON.stringify(await inspectData(spec, cache === undefined ? {} : { cacheDir: cache }))}\n`,
  );
}
