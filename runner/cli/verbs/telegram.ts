import { renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LockHeldError, takeLock } from '../../../trainer/files/lock-file.js';
import { UsageError } from '../../domain/error.js';
import { botName, pair, pairingCode, sendTest } from '../../notify/telegram/pairing.js';
import { telegramApi } from '../../notify/telegram/sender.js';
import {
  isToken,
  keepTelegram,
  readSecret,
  readTelegramFile,
  telegramFile,
  telegramVariables as variables,
} from '../../notify/telegram/settings.js';
import { askSecret } from '../ask-secret.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printLine } from '../output.js';

const actions = ['setup'];
const patienceMs = 600_000;

/** Brings a bot and a chat together, and keeps both in the file that `--telegram` reads. */
export async function telegram(
  action: string,
  options: Options<'botTokenFile'>,
  context: CommandContext,
): Promise<void> {
  if (!actions.includes(action))
    throw new UsageError(`grid telegram ${action}: expected one of ${actions.join(', ')}`);
  const { environment } = context;
  const file = telegramFile(environment);
  const known = readTelegramFile(file, 'telegram setup');
  const token = await tokenOf(options, known?.token, context);
  const api = telegramApi({ token, apiRoot: environment[variables.api] || undefined });
  const name = await botName(api);
  printLine(context, `the bot is @${name}`);
  const lock = await listening(join(dirname(file), `bot-${token.split(':')[0]}.lock`));
  try {
    const code = pairingCode();
    printLine(context, `write to it within ${patienceMs / 60_000} minutes:  /pair ${code}`);
    printLine(context, `  here: https://t.me/${name}?start=${code}`);
    printLine(context, `  or in a group that it tells: https://t.me/${name}?startgroup=${code}`);
    const { chat, user, name: who, isGroup } = await pair(api, code, patienceMs);
    printLine(context, `paired with ${isGroup ? 'the group ' : ''}${who} (${chat})`);
    await sendTest(api, chat);
    const isSameBot = known?.token === token;
    if (known !== undefined && !isSameBot) {
      renameSync(file, `${file}.old`);
      printLine(context, `what there was of another bot is in ${file}.old`);
    }
    const add = (list: readonly (string | number)[] = [], id: string) => [
      ...new Set([...list.map(String), id]),
    ];
    const before = isSameBot ? known : undefined;
    keepTelegram(file, { token, chats: add(before?.chats, chat), users: add(before?.users, user) });
    printLine(
      context,
      `a test message is there; ${file} (for your eyes only) is what \`grid run --telegram\` reads`,
    );
    if (environment[variables.token])
      printLine(
        context,
        `${variables.token} is set, and comes before that file: unset it, or set ${variables.chats}=${chat}`,
      );
  } finally {
    lock.release();
  }
}

async function tokenOf(
  { tokenFile }: Options<'botTokenFile'>,
  known: string | undefined,
  context: CommandContext,
): Promise<string> {
  const given =
    tokenFile === undefined
      ? context.environment[variables.token]?.trim()
      : readSecret(tokenFile, '--token-file');
  const token =
    given ||
    known ||
    (await askSecret('token of the bot, as @BotFather gives it (it is not shown): ', context));
  if (!token)
    throw new UsageError(
      `telegram setup: no token: @BotFather makes a bot (/newbot) and gives one, for ${variables.token} or --token-file`,
    );
  if (!isToken(token)) throw new UsageError('telegram setup: that is no token of a bot: 123456:ABC…');
  return token;
}

/** One process of a machine listens to a bot. */
async function listening(lockFile: string) {
  try {
    return await takeLock(lockFile, { patienceMs: 0 });
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error;
    throw new UsageError(
      'telegram setup: a `grid run` of this machine listens to the bot; set up when that is over, or without --telegram there',
    );
  }
}
