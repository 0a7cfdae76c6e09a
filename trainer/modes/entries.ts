/** Says what models are made of, without an engine. */
import { text } from 'node:stream/consumers';
import type { ModelEntry } from '../contract/freeze.js';
import { models as modelsSchema } from '../contract/request-schemas.js';
import type { Component } from '../contract/run-spec.js';
import { checkedJson } from '../files/checked-json.js';
import { createModel } from '../models/registry.js';

/** Names don't depend on the data. */
const anyInput = { channels: 3, classes: 2, imageSize: 224 };

/** A list of models as JSON on stdin → a list of the entries of each, as JSON on stdout. */
export async function printEntries(): Promise<void> {
  const models = checkedJson<Component[]>(await text(process.stdin), modelsSchema, 'a list of models');
  const entries: ModelEntry[][] = models.map(model =>
    createModel(model, anyInput).entries.map(({ name, role }) => ({ name, role })),
  );
  process.stdout.write(`${JSON.stringify(entries)}\n`);
}
