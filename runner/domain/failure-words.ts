/** The one way in which failures are told: what happened and why on one line, whatever a program printed. */
import { stripVTControlCharacters } from 'node:util';
import type { Failure } from './run.js';

/** Between what is known of an end and what the program said before it. */
export const lastWordsMark = '; its last words:';

/** Lines of a reason that are told, and characters in all. */
const toldLines = 3;
const toldCharacters = 400;

/** `crash: the trainer ended with exit code 1 after epoch 2: ValueError: no such class`. */
export const describeFailure = ({ class: failure, message }: Failure): string =>
  message.trim() === '' ? failure : `${failure}: ${reasonOf(message)}`;

/** The line or the lines of a message that say why, on one line. All of the message stands in the cell's log, and in `grid show`. */
export function reasonOf(message: string): string {
  const [end, ...words] = stripVTControlCharacters(message).split(lastWordsMark);
  const reason =
    words.length === 0 ? oneLine(telling(end!)) : `${end}: ${oneLine(telling(words.join(lastWordsMark)))}`;
  return reason.length > toldCharacters ? `${reason.slice(0, toldCharacters)}…` : reason;
}

function telling(text: string): string[] {
  const lines = text.split('\n').filter(line => line.trim() !== '');
  const told = ofPython(lines) ?? ofJavaScript(lines) ?? (lines.length > toldLines ? ofMany(lines) : lines);
  return told.slice(0, toldLines);
}

const pythonFrame = /^[\s|]*File ".*", line \d+/;
const pythonSource = /^[\s|]*$|^[\s|]{4,}|^[\s|]*[\^~]+$|^\s*\[Previous line repeated/;
const exception =
  /^[\s|]*(?:[A-Za-z_][\w.]*\.)?(?:[A-Z]\w*)?(?:Error|Exception|Interrupt|Exit|Warning|Failure|Fault)\w*(?::|$)/;

/** What stands below the last frame of a traceback: the exception, with all lines of its message. */
function ofPython(lines: readonly string[]): string[] | undefined {
  const frame = lines.findLastIndex(line => pythonFrame.test(line));
  if (frame < 0) return undefined;
  const below = lines.slice(frame + 1);
  const start = below.findIndex(line => !pythonSource.test(line));
  return start < 0 ? undefined : below.slice(start);
}

const javaScriptFrame = /^\s+at .+(?::\d+:\d+|\(<anonymous>\)|\(native\))\)?$|^\s+at \S+$/;

/** What stands above the first frame of the last stack trace, from the line that names the error. */
function ofJavaScript(lines: readonly string[]): string[] | undefined {
  const last = lines.findLastIndex(line => javaScriptFrame.test(line));
  if (last < 0) return undefined;
  let first = last;
  while (first > 0 && javaScriptFrame.test(lines[first - 1]!)) first--;
  const above = lines.slice(0, first);
  const named = above.findLastIndex(line => exception.test(line));
  return above.length === 0 ? undefined : above.slice(named < 0 ? -1 : named);
}

const soundsBad =
  /\b(?:error|exception|fatal|panic|abort(?:ed)?|killed|terminate|fault|failed|cannot|can['’]t|could not|no such|denied|not found|out of memory|invalid)\b|Error\b/i;

/** Of many lines: the last one that names an error, else the last that sounds like one, with what follows; else the last lines. */
function ofMany(lines: readonly string[]): string[] {
  const named = lines.findLastIndex(line => exception.test(line));
  const bad = named >= 0 ? named : lines.findLastIndex(line => soundsBad.test(line));
  return lines.slice(bad >= 0 ? bad : -2);
}

/** `Error: bad row; line 3`; nothing of it steers a terminal. */
function oneLine(lines: readonly string[]): string {
  return lines
    .map(line =>
      line
        .replace(/\s+/g, ' ')
        .replace(/\p{Cc}/gu, '')
        .trim(),
    )
    .reduce((text, line) => (text === '' ? line : `${text}${/[:,;]$/.test(text) ? '' : ';'} ${line}`), '');
}
