import { isWhole, type RunState } from '../../domain/run-state.js';
import type { MeasuredMemory } from '../../domain/stored.js';
import type { Connection } from './connection.js';

export function measuredMemory(connection: Connection, cellIds: readonly string[]): MeasuredMemory[] {
  const rows = connection
    .prepare(
      `SELECT cell_id AS cellId, memory_megabytes AS megabytes, gpu_megabytes AS gpuMegabytes, engine_name AS engine,
         runs.state
       FROM json_each(?) wanted CROSS JOIN cells ON cell_id = wanted.value CROSS JOIN runs USING (cell)
       WHERE memory_megabytes IS NOT NULL`,
    )
    .all(JSON.stringify(cellIds)) as (Omit<MeasuredMemory, 'isWhole'> & { state: RunState })[];
  return rows.map(({ state, ...row }) => ({ ...row, isWhole: isWhole(state) }));
}
