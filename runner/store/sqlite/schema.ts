/** Tables of the store, and how a store of an older version becomes one of today's. */

import { StoreError } from '../store-error.js';
import type { Database } from './sqlite.js';
import { transaction } from './sqlite.js';

/**
 * Step i takes a store of version i to version i + 1. Steps that were released are never edited, new ones
 * are appended. `results/README.md` explains the tables.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE grids (
    grid INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    file TEXT NOT NULL,
    objective_metric TEXT NOT NULL,
    objective_direction TEXT NOT NULL CHECK (objective_direction IN ('maximize', 'minimize')),
    hash TEXT NOT NULL,
    registered_ms INTEGER NOT NULL
  );
  CREATE TABLE cells (
    cell INTEGER PRIMARY KEY,
    cell_id TEXT NOT NULL UNIQUE,
    family TEXT NOT NULL,
    epochs INTEGER NOT NULL DEFAULT 0,
    best_epoch INTEGER,
    value REAL,
    last_value REAL,
    train_value REAL,
    seconds REAL,
    validation_images INTEGER,
    last_run INTEGER REFERENCES runs,
    trained_run INTEGER REFERENCES runs
  );
  CREATE TABLE specs (cell INTEGER PRIMARY KEY REFERENCES cells, spec TEXT NOT NULL);
  CREATE TABLE grid_cells (
    grid INTEGER NOT NULL REFERENCES grids,
    cell INTEGER NOT NULL REFERENCES cells,
    position INTEGER NOT NULL,
    present INTEGER NOT NULL,
    labels TEXT NOT NULL,
    PRIMARY KEY (grid, cell)
  ) WITHOUT ROWID;
  CREATE TABLE runs (
    run INTEGER PRIMARY KEY,
    cell INTEGER NOT NULL REFERENCES cells,
    attempt INTEGER NOT NULL,
    slot_id TEXT NOT NULL,
    state TEXT NOT NULL,
    started_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    failure_class TEXT,
    failure_message TEXT,
    failure_step INTEGER,
    engine_name TEXT,
    engine_version TEXT,
    engine_device TEXT,
    data_fingerprint TEXT,
    trainer_version TEXT,
    resumed_from_epoch INTEGER,
    parameters INTEGER,
    train_images INTEGER,
    validation_images INTEGER,
    classes INTEGER,
    weights_hash TEXT,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    process_started TEXT,
    UNIQUE (cell, attempt)
  );
  CREATE INDEX running_runs ON runs (run) WHERE state = 'running';
  CREATE TABLE metric_names (metric INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE epochs (
    cell INTEGER NOT NULL REFERENCES cells,
    epoch INTEGER NOT NULL,
    step INTEGER NOT NULL,
    PRIMARY KEY (cell, epoch)
  ) WITHOUT ROWID;
  CREATE TABLE metrics (
    cell INTEGER NOT NULL REFERENCES cells,
    epoch INTEGER NOT NULL,
    metric INTEGER NOT NULL REFERENCES metric_names,
    value REAL,
    PRIMARY KEY (cell, epoch, metric)
  ) WITHOUT ROWID;
  CREATE TABLE notes (
    note INTEGER PRIMARY KEY,
    cell INTEGER NOT NULL REFERENCES cells,
    attempt INTEGER,
    time_ms INTEGER NOT NULL,
    text TEXT NOT NULL
  );
  CREATE INDEX notes_of_cell ON notes (cell);
  `,
  // CpuFeatures as JSON.
  'ALTER TABLE runs ADD COLUMN engine_cpu TEXT',
  // What a row of the leaderboard rests on.
  `
  ALTER TABLE cells ADD COLUMN epochs_asked INTEGER;
  UPDATE cells SET epochs_asked = (SELECT spec ->> '$.train.epochs' FROM specs WHERE specs.cell = cells.cell);
  ALTER TABLE cells ADD COLUMN stale TEXT;
  `,
  'ALTER TABLE notes ADD COLUMN of_file INTEGER NOT NULL DEFAULT 0',
  // All warnings of a run are counted, the first different ones kept.
  `
  ALTER TABLE runs ADD COLUMN warnings INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE run_warnings (
    warning INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs,
    text TEXT NOT NULL,
    count INTEGER NOT NULL,
    UNIQUE (run, text)
  );
  `,
  // Files that results of external trainers rest on: a row for each state of them, since many runs share one.
  `
  CREATE TABLE inputs (input INTEGER PRIMARY KEY, folder TEXT NOT NULL, files TEXT NOT NULL, UNIQUE (folder, files));
  ALTER TABLE runs ADD COLUMN input INTEGER REFERENCES inputs;
  `,
  // Leases, the journal, what users ask of runners, and what a view shows of a grid that is running.
  `
  ALTER TABLE cells ADD COLUMN held TEXT CHECK (held IN ('paused', 'stopped'));
  ALTER TABLE cells ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE cells ADD COLUMN retry_ms INTEGER;
  ALTER TABLE cells ADD COLUMN fence INTEGER;
  ALTER TABLE cells ADD COLUMN last_event INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE runs ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE leases (
    cell INTEGER PRIMARY KEY REFERENCES cells,
    run INTEGER NOT NULL REFERENCES runs,
    owner TEXT NOT NULL,
    fence INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    renewals INTEGER NOT NULL DEFAULT 0
  );
  INSERT INTO leases (cell, run, owner, fence, expires_ms)
    SELECT cell, max(run), json_object('host', host, 'pid', pid, 'processStarted', process_started), max(attempt), 0
    FROM runs WHERE state = 'running' GROUP BY cell;
  UPDATE runs SET state = 'interrupted' WHERE state = 'running' AND run NOT IN (SELECT run FROM leases);
  UPDATE cells SET fence = (SELECT fence FROM leases WHERE leases.cell = cells.cell);
  CREATE TABLE journal (
    number INTEGER PRIMARY KEY,
    time_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    cell INTEGER,
    subject TEXT
  );
  CREATE TABLE runners (
    grid INTEGER PRIMARY KEY REFERENCES grids,
    owner TEXT NOT NULL,
    started_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    stopping TEXT
  );
  CREATE TABLE slots (
    grid INTEGER NOT NULL REFERENCES grids,
    slot_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    backend TEXT NOT NULL,
    device TEXT NOT NULL,
    state TEXT NOT NULL,
    cell INTEGER REFERENCES cells,
    reason TEXT,
    since_ms INTEGER,
    until_ms INTEGER,
    runs INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (grid, slot_id)
  ) WITHOUT ROWID;
  CREATE TABLE progress (
    cell INTEGER PRIMARY KEY REFERENCES cells,
    epoch INTEGER NOT NULL,
    step INTEGER NOT NULL,
    steps_per_epoch INTEGER NOT NULL,
    loss REAL,
    time_ms INTEGER NOT NULL
  );
  CREATE TABLE control (
    control INTEGER PRIMARY KEY AUTOINCREMENT,
    time_ms INTEGER NOT NULL,
    grid INTEGER NOT NULL REFERENCES grids,
    verb TEXT NOT NULL,
    cell INTEGER REFERENCES cells,
    slot_id TEXT,
    value INTEGER,
    outcome TEXT,
    answer TEXT,
    answered_ms INTEGER
  );
  CREATE INDEX open_control ON control (grid) WHERE outcome IS NULL;
  `,
  // The objective by which the results in short are; grids with a cell may have others. It was a part of the cell's id.
  `
  ALTER TABLE cells ADD COLUMN objective_metric TEXT;
  ALTER TABLE cells ADD COLUMN objective_direction TEXT;
  ALTER TABLE cells ADD COLUMN former_id INTEGER NOT NULL DEFAULT 0;
  UPDATE cells SET (objective_metric, objective_direction) =
    (SELECT spec ->> '$.objective.metric', spec ->> '$.objective.direction' FROM specs WHERE specs.cell = cells.cell);
  UPDATE cells SET former_id = objective_metric <> 'validationAccuracy' OR objective_direction <> 'maximize';
  CREATE INDEX former_ids ON cells (cell) WHERE former_id;
  `,
  // Runs that go on without their runner, by what their slot knows them by; each lease of a cell has a fence of its own.
  `
  ALTER TABLE runs ADD COLUMN ref TEXT;
  ALTER TABLE runs ADD COLUMN fence INTEGER;
  UPDATE runs SET fence = attempt;
  ALTER TABLE control ADD COLUMN file TEXT;
  `,
  // Hash of the trainer's sources that decide numbers.
  'ALTER TABLE runs ADD COLUMN trainer_sources TEXT',
  'CREATE INDEX cells_by_objective ON cells (objective_metric, objective_direction)',
  // Where people are told of a grid: which message is its digest, and what they have been told.
  `CREATE TABLE notices (
    grid INTEGER NOT NULL REFERENCES grids,
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (grid, channel)
  ) WITHOUT ROWID`,
  // The most that a run has held of its machine's memory and of its GPU's.
  `
  ALTER TABLE runs ADD COLUMN memory_megabytes INTEGER;
  ALTER TABLE runs ADD COLUMN gpu_megabytes INTEGER;
  `,
  // Where the rule of its grid holds a cell, or has stopped it: a RungMark as JSON.
  'ALTER TABLE cells ADD COLUMN rung TEXT',
];

const schemaVersion = migrations.length;

function version(database: Database): number {
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}

/**
 * Checks that this program can read the store.
 *
 * @throws StoreError `newerVersion`; `olderVersion` when a writer has to migrate it first.
 */
export function checkVersion(database: Database, path: string): void {
  const found = version(database);
  if (found > schemaVersion)
    throw new StoreError(
      'newerVersion',
      `${path}: written by a newer gridfarm (store version ${found}, this one knows up to ${schemaVersion}); update gridfarm`,
    );
  if (found < schemaVersion)
    throw new StoreError(
      'olderVersion',
      `${path}: written by an older gridfarm (store version ${found}, this one reads ${schemaVersion}); the next \`grid run\` brings it up to date`,
    );
}

/** Makes the tables of an empty store and brings an older one up to date, in one transaction. */
export function migrate(database: Database, path: string): void {
  if (version(database) === schemaVersion) return;
  transaction(database, () => {
    for (const step of migrations.slice(version(database))) database.exec(step);
    if (version(database) < schemaVersion) database.exec(`PRAGMA user_version = ${schemaVersion}`);
  });
  checkVersion(database, path);
}
