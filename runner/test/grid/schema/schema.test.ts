import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { expandGrid } from '../../../grid/expand.js';
import { parseGrid } from '../../../grid/load.js';
import { gridSchema } from '../../../grid/schema/schema.js';

const grids = fileURLToPath(new URL('../../../../../grids/', import.meta.url));
const files = readdirSync(grids).filter(file => file.endsWith('.yaml') && !file.startsWith('slots'));
const validate = new Ajv2020({ allowUnionTypes: true, strictTypes: false, strictRequired: false }).compile(
  gridSchema(),
);
const read = (text: string): unknown => parse(text, { merge: true });

describe('the schema for editors', () => {
  it('is the one in grids/ (else: npm run schema)', () => {
    expect(JSON.parse(readFileSync(`${grids}grid.schema.json`, 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(gridSchema())),
    );
  });

  it.each(files)('allows grids/%s, which expands and names it', file => {
    const text = readFileSync(`${grids}${file}`, 'utf8');
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\/grid\.schema\.json\n/);
    expect(validate(read(text)), JSON.stringify(validate.errors)).toBe(true);
    expect(expandGrid(parseGrid(file, text)).length).toBeGreaterThan(1);
  });

  it.each([
    ['model: resnet19'],
    ['optimizer: {name: sgd, betas: [0.9, 0.99]}'],
    ['optimizer: {name: sgd, learningRate: 0}'],
    ['axes: {optimizer: [sdg]}'],
    ['axes: {optimizer.learningRate: [0]}'],
    ['axes: {train.epoch: [1]}'],
    ['axes: {zip: [{train.epoch: [1]}]}'],
    ['augmentation: {transforms: [flip]}'],
    ['train: {epochs: "3"}'],
    ['params: {x: 1}'],
    ['include: [{sed: 1}]'],
    ['colour: red'],
  ])('refuses %s', text => {
    expect(validate(read(text))).toBe(false);
  });

  it('allows what an external trainer knows', () => {
    expect(validate(read('trainer: {command: [x]}\nmodel: vit\nparams: {x: 1}\naxes: {params.x: [1]}'))).toBe(
      true,
    );
  });
});
