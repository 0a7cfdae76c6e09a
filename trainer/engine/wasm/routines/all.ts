import { activationRoutines } from './activation-routines.js';
import { batchNormRoutines } from './batch-norm-routines.js';
import { elementwiseRoutines } from './elementwise-routines.js';
import { multiplyRows, multiplyTransposed } from './matrix-routines.js';
import { packColumns, packStridedColumn } from './packing-routines.js';
import { updateRoutines } from './update-routines.js';

/** Everything that the engine's own WebAssembly module exports. */
export const routines = {
  multiplyRows,
  multiplyTransposed,
  packColumns,
  packStridedColumn,
  ...activationRoutines,
  ...elementwiseRoutines,
  ...batchNormRoutines,
  ...updateRoutines,
};
