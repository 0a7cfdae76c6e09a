/** JSON objects in a line that other things may stand in, too: progress bars, log prefixes, a second object. */

export interface FoundObjects {
  objects: object[];
  /** What stands around them, trimmed. */
  rest: string;
  /** Where an object begins that isn't closed in this text; undefined without one. */
  open: number | undefined;
}

/** An object with a key, or one whose key comes with the next line. */
const opening = /\{\s*(?:"|$)/g;

/** How often a text may be looked through: braces in junk must not make it a square of its length. */
const looks = 8;

/** The outermost JSON objects of a text. NaN and infinities, which Python's `json.dumps` writes as such, are read as null. */
export function findObjects(text: string): FoundObjects {
  const whole = text.endsWith('}') && text.startsWith('{') ? parseJson(text) : undefined;
  if (whole !== undefined) return { objects: [whole], rest: '', open: undefined };
  const objects: object[] = [];
  let rest = '';
  let open: number | undefined;
  let taken = 0;
  let budget = text.length * looks;
  opening.lastIndex = 0;
  for (let match = opening.exec(text); match !== null && budget > 0; match = opening.exec(text)) {
    const start = match.index;
    const end = closing(text, start);
    budget -= (end ?? text.length) - start;
    opening.lastIndex = start + 1;
    if (end === undefined) {
      open ??= start;
      continue;
    }
    const value = parseJson(text.slice(start, end));
    if (value === undefined) continue;
    objects.push(value);
    rest += text.slice(taken, start);
    taken = end;
    opening.lastIndex = end;
    // What seemed open before was junk.
    open = undefined;
  }
  return { objects, rest: (rest + text.slice(taken)).trim(), open };
}

/** The index after the brace that closes the one at `start`; undefined: the text ends before. */
function closing(text: string, start: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let index = start; index < text.length; index++) {
    const character = text[index];
    if (quoted) {
      if (character === '\\') index++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return index + 1;
  }
  return undefined;
}

/** Strings, so that they are passed over, and numbers that JSON doesn't have. */
const noNumbers = /"(?:[^"\\]|\\.)*"|[-+]?\b(?:nan|inf(?:inity)?)\b/gi;

function parseJson(text: string): object | undefined {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return JSON.parse(text.replace(noNumbers, token => (token.startsWith('"') ? token : 'null')));
    } catch {
      return undefined;
    }
  }
}
