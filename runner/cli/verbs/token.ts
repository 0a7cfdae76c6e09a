import { resolve } from 'node:path';
import { TokenFile } from '../../agents/server/tokens.js';
import { UsageError } from '../../domain/error.js';
import { tokensPath } from '../../slots/open-farm.js';
import { textTable } from '../../text/table.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printLine } from '../output.js';

const nameForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/;

export async function tokens(
  action: string,
  name: string | undefined,
  { results, once, json }: Options<'enrolOnce' | 'json'>,
  context: CommandContext,
): Promise<void> {
  const file = new TokenFile(tokensPath(resolve(results)));
  switch (action) {
    case 'new': {
      if (name === undefined || !nameForm.test(name))
        throw new UsageError(
          `grid token new NAME: a name for people is missing or wrong${name === undefined ? '' : `, got "${name}"`}; expected letters, digits, . _ -`,
        );
      const { id, secret } = await file.add(name, { once: once ?? false });
      printLine(context, json ? JSON.stringify({ id, name, token: secret }) : secret);
      return;
    }
    case 'list': {
      const shown = file.all.map(({ hash: _, ...token }) => token);
      if (json) printLine(context, JSON.stringify(shown));
      else if (shown.length === 0) printLine(context, 'no tokens; `grid token new NAME` makes one');
      else
        for (const line of textTable([
          { title: 'id', cells: shown.map(({ id }) => id) },
          { title: 'name', cells: shown.map(each => each.name) },
          { title: 'made', cells: shown.map(each => new Date(each.createdMs).toISOString().slice(0, 16)) },
          {
            title: 'for',
            cells: shown.map(each => `${each.entry ?? 'agents by hand'}${each.once ? ', once' : ''}`),
          },
          { title: 'state', cells: shown.map(each => (each.revokedMs === null ? 'valid' : 'revoked')) },
        ]))
          printLine(context, line);
      return;
    }
    case 'revoke': {
      if (name === undefined)
        throw new UsageError('grid token revoke NAME: which one? `grid token list` shows them');
      const count = await file.revoke(name);
      if (count === 0) throw new UsageError(`no valid token ${name}; \`grid token list\` shows them`);
      printLine(context, json ? JSON.stringify({ revoked: count }) : `${count} revoked`);
      return;
    }
    default:
      throw new UsageError(`grid token ${action}: expected new, list or revoke`);
  }
}
