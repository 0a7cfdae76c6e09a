/** `npm run schema`: writes the schema for editors beside the grids. */
import { writeFileSync } from 'node:fs';
import { gridSchema } from './schema.js';

writeFileSync('grids/grid.schema.json', `${JSON.stringify(gridSchema(), null, 2)}\n`);
