/** The trainer's program on data without files: `node in-memory-trainer.js ENGINE`. */
import { serveRunner } from '../../modes/serve.js';
import { inMemoryData } from './in-memory-data.js';

await serveRunner({ engine: process.argv[2], threads: '1' }, () => async () => inMemoryData());
