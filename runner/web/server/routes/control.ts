import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { checkedValue } from '../../../../trainer/files/checked-json.js';
import type { ControlVerb } from '../../../domain/control.js';
import type { ControlAnswers } from '../../wire.js';

type Answers = ControlAnswers['answers'];

/** What the page can have done: the same as the command line's verbs. */
export interface Control {
  steer(wish: {
    verb: ControlVerb;
    cells: readonly string[];
    grid?: string;
    value?: number;
  }): Promise<Answers>;
  note(cell: string, text: string): Promise<Answers>;
}

const mostBytes = 64 * 1024;
const empty = { type: 'object', additionalProperties: false };
const priority = {
  type: 'object',
  required: ['value'],
  additionalProperties: false,
  properties: { value: { type: 'integer', minimum: -1_000_000, maximum: 1_000_000 } },
};
const note = {
  type: 'object',
  required: ['text'],
  additionalProperties: false,
  properties: { text: { type: 'string', maxLength: 10_000 } },
};

export function controlRoutes(control: Control): Hono {
  const app = new Hono();
  app.use(bodyLimit({ maxSize: mostBytes, onError: context => context.json({ error: 'too much' }, 413) }));
  const read = async <T>(context: Context, schema: object, what: string): Promise<T> =>
    checkedValue<T>(await context.req.json(), schema, what);
  const answer = (context: Context, answers: Answers) => context.json<ControlAnswers>({ answers });

  app.post('/cells/:cell/:verb{pause|resume|cancel|retry}', async context => {
    await read(context, empty, 'the wish');
    const verb = context.req.param('verb') as ControlVerb;
    return answer(context, await control.steer({ verb, cells: [context.req.param('cell')] }));
  });
  app.post('/cells/:cell/priority', async context => {
    const { value } = await read<{ value: number }>(context, priority, 'a priority');
    return answer(
      context,
      await control.steer({ verb: 'priority', cells: [context.req.param('cell')], value }),
    );
  });
  app.post('/cells/:cell/note', async context => {
    const { text } = await read<{ text: string }>(context, note, 'a note');
    return answer(context, await control.note(context.req.param('cell'), text));
  });
  app.post('/grids/:grid/:verb{pause|resume|drain}', async context => {
    await read(context, empty, 'the wish');
    const verb = context.req.param('verb') as ControlVerb;
    return answer(context, await control.steer({ verb, cells: [], grid: context.req.param('grid') }));
  });
  return app;
}
