/** Whoever shows a number shows the same one, to the last digit, however it came about. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exportRows } from '../../export/export.js';
import { fileName } from '../../export/tensorboard/cell-events.js';
import { fieldsOf } from '../../export/tensorboard/protobuf.js';
import { recordsOf } from '../../export/tensorboard/records.js';
import { writeTensorboard } from '../../export/tensorboard/write.js';
import { readLeaderboard } from '../../leaderboard/leaderboard.js';
import { renderCsv, renderJson, renderMarkdown, renderText } from '../../leaderboard/render.js';
import type { Leaderboard, LeaderboardRow } from '../../leaderboard/row.js';
import { readDigest } from '../../notify/digest.js';
import { digestMessage } from '../../notify/words.js';
import { readCurves } from '../../readings/curves.js';
import { openStore } from '../../store/open-store.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { formatFixed, formatMean } from '../../text/numbers.js';
import type * as wire from '../../web/wire.js';
import { cells, epochsWith, grid, resultsFolder, start } from '../store/fixtures.js';
import { end, json, serve } from './fixtures.js';

const api = `/api/grids/${encodeURIComponent(grid.name)}`;
/** Doubles between 0 and 1, also those that differ only in their last digit, and NaN. */
const accuracy = fc.option(
  fc.oneof(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.constantFrom(0, 0.1 + 0.2, 0.3, 1 / 3, 1e-17, Number.MIN_VALUE, 0.99995),
  ),
  { freq: 8 },
);
const cellRuns = fc.array(
  fc.record({
    accuracies: fc.array(accuracy, { minLength: 1, maxLength: 4 }),
    end: fc.constantFrom('completed', 'failed', 'interrupted', null),
  }),
  { minLength: 1, maxLength: 12 },
);

const csvRows = (text: string): Record<string, string>[] => {
  const [header, ...lines] = text.trimEnd().split('\n');
  const names = header!.split(',');
  return lines.map(line =>
    Object.fromEntries(
      (line.match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g) ?? []).map((field, i) => [
        names[i],
        field.replace(/,$/, ''),
      ]),
    ),
  );
};
const numberOf = (text: string | undefined) => (text === undefined || text === '' ? null : Number(text));
const numbers = ['value', 'std', 'lastValue', 'trainValue', 'seconds', 'bestEpoch'] as const;
const numbersOf = (row: LeaderboardRow) => numbers.map(key => row[key]);

/** Scalars of a file: [tag, step, value], by the protocol's definition. */
function scalarsOf(file: string): [string, number, number][] {
  return Array.from(
    recordsOf(readFileSync(file)),
    ({ data }) => new Map([...fieldsOf(data)].map(each => [each.field, each.value])),
  ).flatMap(event => {
    const summary = event.get(5);
    if (!(summary instanceof Buffer)) return [];
    return Array.from(
      fieldsOf(summary),
      ({ value }) => new Map([...fieldsOf(value as Buffer)].map(each => [each.field, each.value])),
    )
      .filter(value => value.has(2))
      .map((value): [string, number, number] => [
        (value.get(1) as Buffer).toString(),
        Number(event.get(2)),
        (value.get(2) as Buffer).readFloatLE(),
      ]);
  });
}

test('page, terminal, Markdown, CSV, JSON, messages, curves and TensorBoard have the same digits', async () => {
  await fc.assert(
    fc.asyncProperty(cellRuns, async runs => {
      const results = resultsFolder();
      const paths = new ResultsPaths(results);
      const store = await openStore(results);
      const all = cells(runs.length);
      store.registerGrid(grid, all);
      for (const [index, { accuracies, end: state }] of runs.entries()) {
        const run = store.startRun(all[index]!.cellId, 'local/cpu0');
        store.recordStarted(run, start);
        for (const record of epochsWith(accuracies)) store.recordEpoch(run, record);
        if (state === 'failed') store.finishRun(run, { state, failure: { class: 'crash', message: 'boom' } });
        else if (state !== null) store.finishRun(run, { state, weightsHash: 'abc' });
      }
      const server = await serve(results);
      try {
        const board = readLeaderboard(store, { grid: grid.name });
        const printed = JSON.parse(renderJson(board)) as Leaderboard;
        expect(printed.rows.map(numbersOf)).toEqual(board.rows.map(numbersOf));
        const page = await json<wire.LeaderboardAnswer>(server, `${api}/leaderboard`);
        expect(page.rows).toEqual(printed.rows);
        expect(csvRows(renderCsv(board)).map(row => numbers.map(key => numberOf(row[key])))).toEqual(
          board.rows.map(numbersOf),
        );
        // Their ids begin alike: rows in their order.
        const rowsOf = (text: string) =>
          text.split('\n').filter(line => line.includes(all[0]!.cellId.slice(0, 8)));
        const lines = rowsOf(renderText(board));
        const markdown = rowsOf(renderMarkdown(board));
        expect([lines.length, markdown.length]).toEqual([board.rows.length, board.rows.length]);
        for (const [place, { value, std, lastValue }] of board.rows.entries())
          for (const line of [markdown[place]!, lines[place]!]) {
            expect(line).toContain(formatMean(value, std));
            expect(line).toContain(formatFixed(lastValue));
          }
        const message = digestMessage(readDigest(store, grid.name, results), Date.now());
        const told = [...message.lines, ...(message.table ?? [])].join('\n');
        for (const { value, std } of board.rows.filter(row => row.value !== null).slice(0, 3))
          expect(told).toContain(formatMean(value, std));
        const matrix = await json<wire.MatrixAnswer>(server, `${api}/matrix`);
        for (const { rows, cell, value, std } of matrix.facets.flatMap(({ squares }) => squares))
          if (rows === 1)
            expect([value, std]).toEqual(
              board.rows.filter(row => row.cells[0] === cell).map(row => [row.value, row.std])[0],
            );

        // Of single cells.
        const exported = JSON.parse([...exportRows(store, 'json', grid.name)].join('')) as {
          cell: string;
          epoch: number;
          metrics: Record<string, number | null>;
        }[];
        const columns = csvRows([...exportRows(store, 'csv', grid.name)].join(''));
        writeTensorboard(store, grid.name, join(results, 'tb'), paths);
        for (const [index, { cellId }] of all.entries()) {
          const values = epochsWith(runs[index]!.accuracies).map(
            ({ metrics }) => metrics.validationAccuracy!,
          );
          const own = exported.filter(row => row.cell === cellId);
          expect(own.map(({ metrics }) => metrics.validationAccuracy ?? null)).toEqual(values);
          expect(
            columns.filter(row => row.cell === cellId).map(row => numberOf(row.validationAccuracy)),
          ).toEqual(values);
          const points = values.map((value, i) => [i + 1, value]);
          expect(
            readCurves(store, [cellId], ['validationAccuracy']).get(cellId)?.get('validationAccuracy'),
          ).toEqual(points);
          const curves = await json<wire.CurvesAnswer>(
            server,
            `/api/curves?cells=${cellId}&metrics=validationAccuracy`,
          );
          expect(curves.cells[0]!.metrics.validationAccuracy).toEqual(points);
          const answer = await json<wire.CellAnswer>(server, `/api/cells/${cellId}`);
          expect(answer.reading.epochs.map(({ metrics }) => metrics.validationAccuracy)).toEqual(values);
          const folder = join(results, 'tb', encodeURIComponent(grid.name), cellId);
          expect(readdirSync(folder)).toEqual([fileName]);
          const scalars = scalarsOf(join(folder, fileName));
          // Its numbers have 32 bits, and NaN.
          expect(scalars.filter(([tag]) => tag === 'validationAccuracy')).toEqual(
            values.map((value, i) => ['validationAccuracy', i + 1, Math.fround(value ?? Number.NaN)]),
          );
          const { value, bestEpoch } = store.cellsById([cellId]).get(cellId)!;
          expect(scalars.filter(([tag]) => tag.startsWith('best/'))).toEqual(
            value === null ? [] : [['best/validationAccuracy', bestEpoch, Math.fround(value)]],
          );
          expect([answer.reading.value, answer.reading.bestEpoch]).toEqual([value, bestEpoch]);
        }
      } finally {
        await end(server);
        store.close();
      }
    }),
    { numRuns: 6 },
  );
}, 240_000);
