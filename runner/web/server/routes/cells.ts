import { type FileHandle, open } from 'node:fs/promises';
import { Hono } from 'hono';
import { describeFailure } from '../../../domain/failure-words.js';
import { readCell } from '../../../readings/cell.js';
import { readCurves } from '../../../readings/curves.js';
import type { CellAnswer, CompareAnswer, CurvesAnswer, LogAnswer } from '../../wire.js';
import { BadRequest } from '../bad-request.js';
import type { Boards } from '../board/boards.js';
import type { WatchedStore } from '../watched-store.js';

/** Cells of one answer at most. */
const mostCells = 60;
const mostMetrics = 20;
/** Of a log in one answer. */
const mostLogBytes = 256 * 1024;

export function cellRoutes(store: WatchedStore, boards: Boards): Hono {
  const app = new Hono();

  app.get('/cells/:cell', async context => {
    const asked = context.req.param('cell');
    const answer = store.read(reader => {
      const reading = readCell(reader, store.paths, asked);
      const first = reading.grids[0]?.grid;
      const objective = first === undefined ? reading.spec.objective : reader.grid(first).objective;
      const failures = Object.fromEntries(
        reading.runs.flatMap(({ attempt, failure }) =>
          failure === undefined ? [] : [[attempt, describeFailure(failure)]],
        ),
      );
      return { reading, objective, failures };
    });
    const { cell, grids } = answer.reading;
    const rows = grids[0] === undefined ? [] : (await boards.of(grids[0].grid)).all.rows;
    const row = rows.find(({ cells }) => cells.includes(cell)) ?? null;
    return context.json<CellAnswer>({ ...answer, row });
  });

  app.get('/cells/:cell/log', async context => {
    const { cellId } = store.reader.findCell(context.req.param('cell'));
    const text = context.req.query('from');
    const from = text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
    return context.json<LogAnswer>(await readLog(store.paths.cell(cellId).log, from));
  });

  app.get('/curves', context => {
    const cells = listIn(context.req.query('cells'), mostCells, 'cells');
    const metrics = listIn(context.req.query('metrics'), mostMetrics, 'metrics');
    return context.json<CurvesAnswer>(
      store.read(reader => ({
        cells: [...readCurves(reader, cells, metrics)].map(([cell, curves]) => ({
          cell,
          metrics: Object.fromEntries(curves),
        })),
      })),
    );
  });

  app.get('/compare', context => {
    const asked = listIn(context.req.query('cells'), mostCells, 'cells');
    return context.json<CompareAnswer>(
      store.read(reader => {
        const ids = asked.map(prefix => reader.findCell(prefix).cellId);
        const cells = reader.cellsById(ids);
        return {
          cells: [...new Set(ids)].map(cell => {
            const { state, value, bestEpoch, epochs, spec } = cells.get(cell)!;
            const labels = reader.gridsOf(cell)[0]?.labels ?? {};
            return { cell, labels, state, value, bestEpoch, epochs, spec };
          }),
        };
      }),
    );
  });

  return app;
}

function listIn(text: string | undefined, most: number, what: string): string[] {
  const list = (text ?? '').split(',').filter(each => each !== '');
  if (list.length === 0) throw new BadRequest(`${what}: expected some, with commas between`);
  if (list.length > most) throw new BadRequest(`${what}: at most ${most}, got ${list.length}`);
  return list;
}

/** From a byte on; without: its end. A file that is shorter now is read from its beginning; one that isn't there is empty so far. */
async function readLog(path: string, asked: number | undefined): Promise<LogAnswer> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch {
    return { from: 0, next: 0, text: '' };
  }
  try {
    const { size } = await file.stat();
    const from = asked === undefined ? Math.max(0, size - mostLogBytes) : asked > size ? 0 : asked;
    const bytes = Buffer.alloc(Math.min(mostLogBytes, size - from));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
    const whole = wholeCharacters(bytes.subarray(0, bytesRead));
    return { from, next: from + whole.length, text: whole.toString('utf8') };
  } finally {
    await file.close();
  }
}

/** Without the beginning of a character whose rest comes with the next part. */
function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}
