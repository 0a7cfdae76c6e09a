/**
 * Program: installs a version of Gridfarm once under `<cache>/versions/<sha>` of the machine that it runs on. Its compiled text
 * travels inside the bootstrap script, before anything else is there: it imports nothing but Node's own modules.
 *
 * `install.js JSON`: an `InstallOrder`. Ends with 0 once the version is there; else with 1 and what was tried on stderr.
 */
import { spawn } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export interface InstallOrder {
  /** Of the coordinator, without a slash at its end; or the folder through which it is spoken to, absolute. */
  server: string;
  tokenFile: string;
  /** SHA-256 of the program's package. */
  version: string;
  /** Where the coordinator's modules run: `linux-x64-glibc`. */
  platform: string;
  /** Absolute. */
  cache: string;
  /** How long a part of a file, and a sign of another installer, may take. */
  patienceMs: number;
}

const order: InstallOrder = JSON.parse(process.argv[2] ?? '{}');
const versions = join(order.cache, 'versions');
const target = join(versions, order.version);
const lock = join(versions, `.${order.version}.lock`);
const say = (words: string) => process.stderr.write(`gridfarm: ${words}\n`);

function wayOut(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (/ENOSPC|EDQUOT|No space left|quota exceeded/i.test(`${code} ${message}`))
    return `; make room in ${order.cache}, or set GRID_CACHE to a folder on a disk that has it`;
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM')
    return '; set GRID_CACHE to a folder that can be written to';
  return '';
}

/** One installer at a time. Two would do no harm: the first who has all in place wins. */
async function installAlone(): Promise<void> {
  mkdirSync(versions, { recursive: true, mode: 0o700 });
  const owner = `${hostname()} ${process.pid} ${randomBytes(4).toString('hex')}`;
  for (let seen = '', since = Date.now(), said = false; !take(owner); await sleep(500)) {
    if (existsSync(target)) return;
    const sign = signOfOther();
    if (sign !== seen) [seen, since] = [sign, Date.now()];
    // Its process is gone, or it gave no sign for so long by this clock: no clocks are compared.
    else if (isGone(sign) || Date.now() - since > order.patienceMs) rmSync(lock, { force: true });
    if (!said) say(`another is installing this version on ${hostname()}: waiting`);
    said = true;
  }
  let beats = 0;
  const beating = setInterval(() => writeFileSync(lock, `${owner} ${++beats}`), order.patienceMs / 6);
  try {
    if (!existsSync(target)) await install();
  } finally {
    clearInterval(beating);
    if (signOfOther().startsWith(owner)) rmSync(lock, { force: true });
  }
}

function take(owner: string): boolean {
  try {
    writeFileSync(lock, `${owner} 0`, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function signOfOther(): string {
  try {
    return readFileSync(lock, 'utf8');
  } catch {
    return '';
  }
}

function isGone(sign: string): boolean {
  const [host, pid] = sign.split(' ');
  if (host !== hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

async function install(): Promise<void> {
  const folder = join(
    versions,
    `.${order.version.slice(0, 12)}-${process.pid}-${randomBytes(4).toString('hex')}`,
  );
  try {
    mkdirSync(folder);
    const program = join(folder, 'program.tar.gz');
    await download(`gridfarm-${order.version}.tar.gz`, program, order.version);
    await unpack(program, folder);
    await getModules(folder);
    renameSync(folder, target);
    say(`installed version ${order.version.slice(0, 12)} in ${target}`);
  } catch (error) {
    // Another was faster.
    if (!existsSync(target)) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** From the registry where it answers, else those of the coordinator. */
async function getModules(folder: string): Promise<void> {
  const byRegistry = await fromRegistry(folder);
  if (byRegistry === undefined) return;
  say(`${byRegistry}; taking the modules of the coordinator`);
  rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
  try {
    const modules = join(folder, 'modules.tar.gz');
    await download(`modules-${order.version}.tar.gz`, modules);
    await unpack(modules, folder);
    await tryModules(folder);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw Object.assign(
      new Error(
        `the modules that Gridfarm needs can't be had: ${byRegistry}; those of the coordinator (${order.platform}): ${message}. Let npm there reach a registry (npm config set registry URL)`,
      ),
      { code },
    );
  }
}

/** Undefined: all is there. Else why not. */
async function fromRegistry(folder: string): Promise<string | undefined> {
  const quick = ['--fetch-retries=0', '--fetch-timeout=8000'];
  try {
    await run('npm', ['view', 'ajv', 'version', ...quick], folder, 20_000);
  } catch (error) {
    return `npm reaches no registry (${(error as Error).message})`;
  }
  try {
    // Nothing is built: the modules bring their add-ons.
    const quiet = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier'];
    await run('npm', ['ci', ...quiet, '--fetch-timeout=60000'], folder, 900_000);
    await tryModules(folder);
    return undefined;
  } catch (error) {
    return `npm ci: ${(error as Error).message}`;
  }
}

/** Whether those with native parts load on this machine. */
async function tryModules(folder: string): Promise<void> {
  const load = "await import('@photostructure/sqlite'); await import('@napi-rs/image')";
  await run(process.execPath, ['--input-type=module', '-e', load], folder, 60_000);
}

const unpack = (archive: string, folder: string) =>
  run('tar', ['-xzf', archive, '-C', folder], folder, 600_000).then(() => rmSync(archive));

function run(program: string, args: string[], cwd: string, timeout: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, timeout, stdio: ['ignore', 'ignore', 'pipe'] });
    let words = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-4000);
    });
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(error.code === 'ENOENT' ? `there is no ${program}` : `${program}: ${error.message}`)),
    );
    child.on('close', (code, signal) => {
      if (code === 0) return resolve();
      const why = signal === null ? `exit code ${code}` : `no end within ${timeout / 1000} s`;
      reject(new Error(`${tellingLine(words) ?? why}`));
    });
  });
}

/** The line that says what went wrong: not the stack, nor where npm's log lies. */
const tellingLine = (words: string): string | undefined =>
  words
    .split('\n')
    .map(line => line.replace(/^npm (error|ERR!) /, '').trim())
    .find(
      line => /error|ENOSPC|E[A-Z]{4,}|cannot|can't|no space|denied/i.test(line) && !line.startsWith('code '),
    )
    ?.slice(0, 300);

/** Goes on where an answer broke off. `sha256`: by default what the coordinator says. */
async function download(name: string, path: string, sha256?: string): Promise<void> {
  const url = `${order.server}/v1/package/${name}`;
  const authorization = `Bearer ${readFileSync(order.tokenFile, 'utf8').trim()}`;
  for (let failures = 0; ; ) {
    const from = existsSync(path) ? statSync(path).size : 0;
    try {
      const told = await downloadFrom(url, authorization, path, from);
      const [wanted, got] = [sha256 ?? told, await hashOf(path)];
      if (wanted === undefined || wanted === got) return;
      throw new RefusedError(
        `what ${url} sent has SHA-256 ${got.slice(0, 12)}, not ${wanted.slice(0, 12)}: it was changed on the way; nothing of it was run`,
      );
    } catch (error) {
      const { code, message, cause } = error as NodeJS.ErrnoException & { cause?: Error };
      if (code === 'ENOSPC' || error instanceof RefusedError) throw error;
      failures = existsSync(path) && statSync(path).size > from ? 1 : failures + 1;
      if (failures > 5) throw new Error(`${url} can't be reached: ${cause?.message ?? message}`);
      await sleep(500 * 2 ** failures);
    }
  }
}

class RefusedError extends Error {}

/** @returns the SHA-256 of the whole, by the answer's `ETag` */
async function downloadFrom(
  url: string,
  authorization: string,
  path: string,
  from: number,
): Promise<string | undefined> {
  const range = from > 0 ? { range: `bytes=${from}-` } : {};
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error('it fell silent')), order.patienceMs);
  try {
    const headers = { authorization, ...range };
    const answer = url.startsWith('/')
      ? await fetchThroughFolder(url, headers, silence.signal)
      : await fetch(url, { headers, signal: silence.signal });
    const told = /^"([0-9a-f]{64})"$/.exec(answer.headers.get('etag') ?? '')?.[1];
    // Nothing is missing: the last answer ended before it said so.
    if (answer.status === 416) return told;
    if (answer.status >= 400 && answer.status < 500)
      throw new RefusedError(`${url} answered ${answer.status} ${(await answer.text()).slice(0, 300)}`);
    if (!answer.ok || answer.body === null) throw new Error(`it answered ${answer.status}`);
    const isRest = answer.status === 206;
    await pipeline(
      Readable.fromWeb(answer.body),
      async function* (parts: AsyncIterable<Uint8Array>) {
        for await (const part of parts) {
          timer.refresh();
          yield part;
        }
      },
      createWriteStream(path, { flags: isRest ? 'a' : 'w' }),
    );
    return told;
  } finally {
    clearTimeout(timer);
  }
}

/** As `grid agent --folder` asks: a file with what is wanted, a file with the answer. */
async function fetchThroughFolder(
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Response> {
  const id = randomUUID();
  const path = url.slice(order.server.length);
  const request = join(order.server, 'requests', `${id}.request`);
  const answer = join(order.server, 'answers', `${id}.answer`);
  writeFileSync(`${request}.tmp`, `${JSON.stringify({ method: 'GET', path, headers })}\n`);
  renameSync(`${request}.tmp`, request);
  try {
    while (!existsSync(answer)) await sleep(200, undefined, { signal });
    const file = openSync(answer, 'r');
    const start = Buffer.alloc(65_536);
    const head = start.subarray(0, readSync(file, start)).indexOf(10);
    closeSync(file);
    const body = createReadStream(answer, { start: head + 1 });
    body.once('open', () => rmSync(answer));
    return new Response(Readable.toWeb(body) as ReadableStream, JSON.parse(start.toString('utf8', 0, head)));
  } finally {
    rmSync(request, { force: true });
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part);
  return hash.digest('hex');
}

// Last: what is declared above must be there.
try {
  if (!existsSync(target)) await installAlone();
} catch (error) {
  say(`${hostname()}: ${(error as Error).message}${wayOut(error)}`);
  process.exitCode = 1;
}
