import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { arrayFile } from '../../export/array-file.js';
import { expandGrid } from '../../grid/expand.js';
import { parseGrid } from '../../grid/load.js';
import { base, cellsOf, problemsOf } from './grid-fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'gridfarm-init-'));
/** A file of weights with one value, and metadata that are no part of its content. */
function weights(name: string, value: number, time = '1'): string {
  const path = join(folder, name);
  const values = Float32Array.of(value);
  writeFileSync(path, arrayFile(path, { name: 'w', rows: 1, columns: 1, values, description: { time } })!);
  return path;
}
const a = weights('a.safetensors', 1);
const withInit = (init: string) =>
  expandGrid(
    parseGrid(join(folder, 'grid.yaml'), `${base}${init}\n`, {
      cellWeights: prefix => ['ab12', 'ab34'].filter(id => id.startsWith(prefix)).map(() => a),
    }),
  );

describe('init', () => {
  it('is null by default, and for null', () => {
    expect(cellsOf(base)[0]!.spec.init).toBeNull();
    expect(withInit('init: null')[0]!.cellId).toBe(cellsOf(base)[0]!.cellId);
  });

  it('takes a file beside the grid, and hashes what it holds', () => {
    const [cell] = withInit('init: {from: a.safetensors}');
    expect(cell!.spec.init).toEqual({
      from: a,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      strict: false,
    });
  });

  it('makes a cell by the content: not by the place, nor by the metadata', () => {
    weights('same.safetensors', 1, '2');
    weights('other.safetensors', 2);
    const id = (file: string) => withInit(`init: {from: ${file}.safetensors}`)[0]!.cellId;
    expect(id('same')).toBe(id('a'));
    expect(id('other')).not.toBe(id('a'));
    expect(withInit('init: {from: a.safetensors, strict: true}')[0]!.cellId).not.toBe(id('a'));
  });

  it('takes the weights of a cell', () => {
    expect(withInit('init: {from: ab12}')[0]!.spec.init!.from).toBe(a);
  });

  it('can be an axis', () => {
    const cells = withInit('axes: {init: {scratch: null, warm: {from: a.safetensors}}}');
    expect(cells.map(({ spec, labels }) => [labels.init, spec.init === null])).toEqual([
      ['scratch', true],
      ['warm', false],
    ]);
  });

  const problems = (init: string) => {
    try {
      withInit(init);
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  it.each([
    ['init: {from: gone.safetensors}', /grid.yaml:3:14 init.from: no such file: .*gone.safetensors/],
    ['init: {from: ab}', /:3:14 init.from: the ids of 2 cells/],
    ['init: {from: ff00}', /:3:14 init.from: no cell whose id starts with "ff00"/],
    ['init: {from: resnet.pt}', /:3:14 init.from: must be the beginning of a cell’s id or a file/],
    ['init: {strict: true}', /init.*needs "from"/],
    ['init: {from: grid.safetensors, file: x}', /unknown key "file"/],
  ])('%s is told with its place', (init, message) => {
    expect(problems(init)).toMatch(message);
  });

  it('is no safetensors file if it is none', () => {
    writeFileSync(join(folder, 'text.safetensors'), 'hello, world');
    expect(problems('init: {from: text.safetensors}')).toContain('text.safetensors is no safetensors file');
  });

  it('is missing without a results folder', () => {
    expect(problemsOf(`${base}init: {from: ab12}\n`)[0]).toContain('no cell whose id starts with "ab12"');
  });
});
