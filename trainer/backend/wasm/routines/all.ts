import { batchNormRoutines } from './batch-norm-routines.js';
import { elementwiseRoutines } from './elementwise-routines.js';
import {
  multiplyPacked,
  multiplyRows,
  packColumns,
  packOffsetColumns,
  packStridedColumn,
  panelColumns,
} from './matrix-routines.js';
import { updateRoutines } from './update-routines.js';

/** Everything that the engine's own WebAssembly module exports. */
export const routines = {
  multiplyRows,
  multiplyPacked,
  packColumns: packColumns(panelColumns),
  packOffsetColumns,
  packStridedColumn,
  ...elementwiseRoutines,
  ...batchNormRoutines,
  ...updateRoutines,
};
