import { stripVTControlCharacters } from 'node:util';
import type { TrainerEvent } from '../../trainer/contract/events.js';
import { type FoundObjects, findObjects } from './find-objects.js';
import { parseEvent } from './parse-event.js';

/** A line, or a part of one, that was meant as an event and isn't one. */
export interface DroppedLine {
  /** What is wrong: `is no valid JSON`. */
  problem: string;
  text: string;
}

/** What a line of a trainer's stdout holds. */
export interface ReadLine {
  events: TrainerEvent[];
  dropped: DroppedLine[];
  /** The words around the events, for the log. */
  rest: string;
}

/** A key as JSON or as Python prints it. */
const typeKey = /["']type["']\s*:/;

/** An object over more lines, or longer, is no event. */
const mostLines = 500;
const mostCharacters = 1024 * 1024;

/**
 * Finds the events in what a trainer prints: alone on a line, with junk around them, several on a line, one over several lines
 * (as `json.dumps(…, indent=2)` writes it), or cut in two by a progress bar.
 */
export class EventReader {
  /** Lines since one that left an object open, from its brace on. */
  #open: string[] = [];

  take(line: string): ReadLine {
    // JSON holds none of either: colours and movements of the cursor, other control characters.
    const text = stripVTControlCharacters(line)
      .replace(/\p{Cc}/gu, '')
      .trim();
    const alone = text.includes('{') ? findObjects(text) : { objects: [], rest: text, open: undefined };
    const read = readObjects(alone);
    if (read.events.length > 0 || read.dropped.length > 0 || this.#open.length === 0) {
      read.dropped.unshift(...this.end());
      if (alone.open !== undefined) this.#open = [text.slice(alone.open)];
      else if (alone.objects.length === 0 && typeKey.test(text)) read.dropped.push(noJson(text));
      return read.events.length > 0 ? read : { ...read, rest: line };
    }
    return { ...this.#goOn(text), rest: line };
  }

  /** What is left open at the end of all lines, if it was to be an event. */
  end(): DroppedLine[] {
    const text = this.#open.join('');
    this.#open = [];
    return typeKey.test(text) ? [noJson(text)] : [];
  }

  #goOn(text: string): Omit<ReadLine, 'rest'> {
    const [head] = this.#open as [string];
    const lines = [...this.#open, text];
    // All lines make up the object, or those between its halves are a progress bar's.
    const readings = [lines.join(''), head + text].map(joined => readObjects(findObjects(joined)));
    const read =
      readings.find(({ events }) => events.length > 0) ?? readings.find(({ dropped }) => dropped.length > 0);
    if (read !== undefined) {
      this.#open = [];
      return read;
    }
    this.#open = lines;
    const length = lines.reduce((sum, { length }) => sum + length, 0);
    return { events: [], dropped: lines.length > mostLines || length > mostCharacters ? this.end() : [] };
  }
}

function readObjects({ objects, rest }: FoundObjects): ReadLine {
  const read: ReadLine = { events: [], dropped: [], rest };
  for (const value of objects) {
    const parsed = parseEvent(value);
    if (parsed.kind === 'event') read.events.push(parsed.event);
    else if (parsed.kind === 'malformed')
      read.dropped.push({ problem: parsed.problem, text: JSON.stringify(value) });
  }
  return read;
}

const noJson = (text: string): DroppedLine => ({
  problem: /'type'\s*:/.test(text)
    ? 'is no JSON but what Python prints of a dict (json.dumps makes JSON of it)'
    : 'is no valid JSON',
  text,
});
