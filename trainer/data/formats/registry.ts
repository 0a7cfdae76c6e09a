import type { DataSpec } from '../../contract/run-spec.js';
import { csv } from './csv.js';
import { folder } from './folder.js';
import type { Format } from './format.js';
import { mnist } from './mnist.js';

/** Every `data.format`. */
export const formats = { csv, folder, mnist } satisfies Record<DataSpec['format'], Format>;
