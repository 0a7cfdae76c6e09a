PRAGMA foreign_keys = OFF;
BEGIN TRANSACTION;
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
INSERT INTO "cells" VALUES(1,'2f38a4a1f2feabf0','Tx_k4GgNxEhEKoLg',2,2,0.502,0.502,NULL,NULL,1000,1,1);
INSERT INTO "cells" VALUES(2,'8a243ced29e60307','Tx_k4GgNxEhEKoLg',2,2,0.512,0.512,NULL,NULL,1000,2,2);
INSERT INTO "cells" VALUES(3,'cf68062cada7c301','c7SYM9QxGvEjh-Bf',2,2,0.902,0.902,NULL,NULL,1000,3,3);
INSERT INTO "cells" VALUES(4,'db3be8646786f538','c7SYM9QxGvEjh-Bf',1,1,0.911,0.911,NULL,NULL,1000,4,4);
INSERT INTO "cells" VALUES(5,'e9fa2625566edb60','QLweaZH3DZOFhfMJ',2,2,0.702,0.702,NULL,NULL,1000,5,5);
INSERT INTO "cells" VALUES(6,'5b33cd39fcdaa5bb','QLweaZH3DZOFhfMJ',2,2,0.712,0.712,NULL,NULL,1000,6,6);
CREATE TABLE epochs (
    cell INTEGER NOT NULL REFERENCES cells,
    epoch INTEGER NOT NULL,
    step INTEGER NOT NULL,
    PRIMARY KEY (cell, epoch)
  ) WITHOUT ROWID;
INSERT INTO "epochs" VALUES(1,1,1);
INSERT INTO "epochs" VALUES(1,2,2);
INSERT INTO "epochs" VALUES(2,1,1);
INSERT INTO "epochs" VALUES(2,2,2);
INSERT INTO "epochs" VALUES(3,1,1);
INSERT INTO "epochs" VALUES(3,2,2);
INSERT INTO "epochs" VALUES(4,1,1);
INSERT INTO "epochs" VALUES(5,1,1);
INSERT INTO "epochs" VALUES(5,2,2);
INSERT INTO "epochs" VALUES(6,1,1);
INSERT INTO "epochs" VALUES(6,2,2);
CREATE TABLE grid_cells (
    grid INTEGER NOT NULL REFERENCES grids,
    cell INTEGER NOT NULL REFERENCES cells,
    position INTEGER NOT NULL,
    present INTEGER NOT NULL,
    labels TEXT NOT NULL,
    PRIMARY KEY (grid, cell)
  ) WITHOUT ROWID;
INSERT INTO "grid_cells" VALUES(1,1,0,0,'{"params.kind":"steady","seed":"0"}');
INSERT INTO "grid_cells" VALUES(1,2,1,0,'{"params.kind":"steady","seed":"1"}');
INSERT INTO "grid_cells" VALUES(1,3,2,0,'{"params.kind":"shaky","seed":"0"}');
INSERT INTO "grid_cells" VALUES(1,4,3,0,'{"params.kind":"shaky","seed":"1"}');
INSERT INTO "grid_cells" VALUES(1,5,0,1,'{"params.kind":"other","seed":"0"}');
INSERT INTO "grid_cells" VALUES(1,6,1,1,'{"params.kind":"other","seed":"1"}');
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
INSERT INTO "grids" VALUES(1,'grid','','/home/ada/b/grid.yaml','validationAccuracy','maximize','18d1e5a442ea5ecff40bd8623ffcd74b3562bd8dec362914d8413f0a41b9a1d5',1795870146761);
CREATE TABLE metric_names (metric INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
INSERT INTO "metric_names" VALUES(1,'validationAccuracy');
CREATE TABLE metrics (
    cell INTEGER NOT NULL REFERENCES cells,
    epoch INTEGER NOT NULL,
    metric INTEGER NOT NULL REFERENCES metric_names,
    value REAL,
    PRIMARY KEY (cell, epoch, metric)
  ) WITHOUT ROWID;
INSERT INTO "metrics" VALUES(1,1,1,0.501);
INSERT INTO "metrics" VALUES(1,2,1,0.502);
INSERT INTO "metrics" VALUES(2,1,1,0.511);
INSERT INTO "metrics" VALUES(2,2,1,0.512);
INSERT INTO "metrics" VALUES(3,1,1,0.901);
INSERT INTO "metrics" VALUES(3,2,1,0.902);
INSERT INTO "metrics" VALUES(4,1,1,0.911);
INSERT INTO "metrics" VALUES(5,1,1,0.701);
INSERT INTO "metrics" VALUES(5,2,1,0.702);
INSERT INTO "metrics" VALUES(6,1,1,0.711);
INSERT INTO "metrics" VALUES(6,2,1,0.712);
CREATE TABLE notes (
    note INTEGER PRIMARY KEY,
    cell INTEGER NOT NULL REFERENCES cells,
    attempt INTEGER,
    time_ms INTEGER NOT NULL,
    text TEXT NOT NULL
  );
INSERT INTO "notes" VALUES(1,1,NULL,1795870139823,'from the file');
INSERT INTO "notes" VALUES(2,2,NULL,1795870139823,'from the file');
INSERT INTO "notes" VALUES(3,3,NULL,1795870139823,'from the file');
INSERT INTO "notes" VALUES(4,4,NULL,1795870139823,'from the file');
INSERT INTO "notes" VALUES(5,5,NULL,1795870146773,'of b');
INSERT INTO "notes" VALUES(6,6,NULL,1795870146773,'of b');
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
INSERT INTO "runs" VALUES(1,1,1,'local/cpu0','completed',1795870139838,1795870142107,NULL,NULL,NULL,'cpu','1','cpu','none','1',0,0,0,1000,0,NULL,'vm',14129,'18b1f815-2a3e-429b-8049-521709603f7b/168421');
INSERT INTO "runs" VALUES(2,2,1,'local/cpu1','completed',1795870139858,1795870141951,NULL,NULL,NULL,'cpu','1','cpu','none','1',0,0,0,1000,0,NULL,'vm',14129,'18b1f815-2a3e-429b-8049-521709603f7b/168421');
INSERT INTO "runs" VALUES(3,3,1,'local/cpu1','completed',1795870142003,1795870144105,NULL,NULL,NULL,'cpu','1','cpu','none','1',0,0,0,1000,0,NULL,'vm',14129,'18b1f815-2a3e-429b-8049-521709603f7b/168421');
INSERT INTO "runs" VALUES(4,4,1,'local/cpu0','failed',1795870142112,1795870143931,'crash','the trainer ended with exit code 1 after epoch 1; its last words:
Traceback (most recent call last):
  File "/home/ada/a/t.py", line 6, in <module>
    if k=="shaky" and seed==1 and e==2: raise ValueError("the loss is not finite")
                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
ValueError: the loss is not finite',NULL,'cpu','1','cpu','none','1',0,0,0,1000,0,NULL,'vm',14129,'18b1f815-2a3e-429b-8049-521709603f7b/168421');
INSERT INTO "runs" VALUES(5,5,1,'local/cpu0','completed',1795870146780,1795870148526,NULL,NULL,NULL,'cpu','1','cpu','none','1',0,0,0,1000,0,NULL,'vm',14306,'18b1f815-2a3e-429b-8049-521709603f7b/169153');
INSERT INTO "runs" VALUES(6,6,1,'local/cpu1','completed',1795870146790,1795870148719,NULL,NULL,NULL,'cpu','1','cpu','none','1',0,0,0,1000,0,NULL,'vm',14306,'18b1f815-2a3e-429b-8049-521709603f7b/169153');
CREATE TABLE specs (cell INTEGER PRIMARY KEY REFERENCES cells, spec TEXT NOT NULL);
INSERT INTO "specs" VALUES(1,'{"version":1,"objective":{"metric":"validationAccuracy","direction":"maximize"},"seed":0,"data":{"images":null,"labels":null,"validationLabels":null,"columns":{"id":"Id","label":"Category"},"imageSize":null,"channels":1,"validation":{"source":"split","fraction":0.2,"stratified":true,"seed":0},"limit":{"classes":null,"imagesPerClass":null},"name":"none","format":"mnist","root":"/home/ada/a"},"model":{"name":"m"},"init":null,"optimizer":{"name":"sgd"},"scheduler":{"name":"none"},"augmentation":{"transforms":[{"name":"normalize","mean":[0.485,0.456,0.406],"standardDeviation":[0.229,0.224,0.225]}],"mix":[],"mixProbability":1,"repeats":1,"expansion":null},"train":{"epochs":2,"batchSize":64,"accumulate":1,"labelSmoothing":0,"dropLast":false,"gradientClipNorm":null,"gradientClipValue":null,"freeze":[],"ema":null,"precision":"float32"},"trainer":{"persistent":false,"command":["python3","t.py"]},"params":{"kind":"steady"}}');
INSERT INTO "specs" VALUES(2,'{"version":1,"objective":{"metric":"validationAccuracy","direction":"maximize"},"seed":1,"data":{"images":null,"labels":null,"validationLabels":null,"columns":{"id":"Id","label":"Category"},"imageSize":null,"channels":1,"validation":{"source":"split","fraction":0.2,"stratified":true,"seed":0},"limit":{"classes":null,"imagesPerClass":null},"name":"none","format":"mnist","root":"/home/ada/a"},"model":{"name":"m"},"init":null,"optimizer":{"name":"sgd"},"scheduler":{"name":"none"},"augmentation":{"transforms":[{"name":"normalize","mean":[0.485,0.456,0.406],"standardDeviation":[0.229,0.224,0.225]}],"mix":[],"mixProbability":1,"repeats":1,"expansion":null},"train":{"epochs":2,"batchSize":64,"accumulate":1,"labelSmoothing":0,"dropLast":false,"gradientClipNorm":null,"gradientClipValue":null,"freeze":[],"ema":null,"precision":"float32"},"trainer":{"persistent":false,"command":["python3","t.py"]},"params":{"kind":"steady"}}');
INSERT INTO "specs" VALUES(3,'{"version":1,"objective":{"metric":"validationAccuracy","direction":"maximize"},"seed":0,"data":{"images":null,"labels":null,"validationLabels":null,"columns":{"id":"Id","label":"Category"},"imageSize":null,"channels":1,"validation":{"source":"split","fraction":0.2,"stratified":true,"seed":0},"limit":{"classes":null,"imagesPerClass":null},"name":"none","format":"mnist","root":"/home/ada/a"},"model":{"name":"m"},"init":null,"optimizer":{"name":"sgd"},"scheduler":{"name":"none"},"augmentation":{"transforms":[{"name":"normalize","mean":[0.485,0.456,0.406],"standardDeviation":[0.229,0.224,0.225]}],"mix":[],"mixProbability":1,"repeats":1,"expansion":null},"train":{"epochs":2,"batchSize":64,"accumulate":1,"labelSmoothing":0,"dropLast":false,"gradientClipNorm":null,"gradientClipValue":null,"freeze":[],"ema":null,"precision":"float32"},"trainer":{"persistent":false,"command":["python3","t.py"]},"params":{"kind":"shaky"}}');
INSERT INTO "specs" VALUES(4,'{"version":1,"objective":{"metric":"validationAccuracy","direction":"maximize"},"seed":1,"data":{"images":null,"labels":null,"validationLabels":null,"columns":{"id":"Id","label":"Category"},"imageSize":null,"channels":1,"validation":{"source":"split","fraction":0.2,"stratified":true,"seed":0},"limit":{"classes":null,"imagesPerClass":null},"name":"none","format":"mnist","root":"/home/ada/a"},"model":{"name":"m"},"init":null,"optimizer":{"name":"sgd"},"scheduler":{"name":"none"},"augmentation":{"transforms":[{"name":"normalize","mean":[0.485,0.456,0.406],"standardDeviation":[0.229,0.224,0.225]}],"mix":[],"mixProbability":1,"repeats":1,"expansion":null},"train":{"epochs":2,"batchSize":64,"accumulate":1,"labelSmoothing":0,"dropLast":false,"gradientClipNorm":null,"gradientClipValue":null,"freeze":[],"ema":null,"precision":"float32"},"trainer":{"persistent":false,"command":["python3","t.py"]},"params":{"kind":"shaky"}}');
INSERT INTO "specs" VALUES(5,'{"version":1,"objective":{"metric":"validationAccuracy","direction":"maximize"},"seed":0,"data":{"images":null,"labels":null,"validationLabels":null,"columns":{"id":"Id","label":"Category"},"imageSize":null,"channels":1,"validation":{"source":"split","fraction":0.2,"stratified":true,"seed":0},"limit":{"classes":null,"imagesPerClass":null},"name":"none","format":"mnist","root":"/home/ada/b"},"model":{"name":"m"},"init":null,"optimizer":{"name":"sgd"},"scheduler":{"name":"none"},"augmentation":{"transforms":[{"name":"normalize","mean":[0.485,0.456,0.406],"standardDeviation":[0.229,0.224,0.225]}],"mix":[],"mixProbability":1,"repeats":1,"expansion":null},"train":{"epochs":2,"batchSize":64,"accumulate":1,"labelSmoothing":0,"dropLast":false,"gradientClipNorm":null,"gradientClipValue":null,"freeze":[],"ema":null,"precision":"float32"},"trainer":{"persistent":false,"command":["python3","t.py"]},"params":{"kind":"other"}}');
INSERT INTO "specs" VALUES(6,'{"version":1,"objective":{"metric":"validationAccuracy","direction":"maximize"},"seed":1,"data":{"images":null,"labels":null,"validationLabels":null,"columns":{"id":"Id","label":"Category"},"imageSize":null,"channels":1,"validation":{"source":"split","fraction":0.2,"stratified":true,"seed":0},"limit":{"classes":null,"imagesPerClass":null},"name":"none","format":"mnist","root":"/home/ada/b"},"model":{"name":"m"},"init":null,"optimizer":{"name":"sgd"},"scheduler":{"name":"none"},"augmentation":{"transforms":[{"name":"normalize","mean":[0.485,0.456,0.406],"standardDeviation":[0.229,0.224,0.225]}],"mix":[],"mixProbability":1,"repeats":1,"expansion":null},"train":{"epochs":2,"batchSize":64,"accumulate":1,"labelSmoothing":0,"dropLast":false,"gradientClipNorm":null,"gradientClipValue":null,"freeze":[],"ema":null,"precision":"float32"},"trainer":{"persistent":false,"command":["python3","t.py"]},"params":{"kind":"other"}}');
CREATE INDEX running_runs ON runs (run) WHERE state = 'running';
CREATE INDEX notes_of_cell ON notes (cell);
COMMIT;
PRAGMA user_version = 1;
