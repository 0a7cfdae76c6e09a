/** Characters that can't be seen, or that look like those that YAML means something by. */

const invisible = /(?![ \n])[\p{Cc}\p{Zs}\p{Zl}\p{Zp}\p{Cf}\p{Default_Ignorable_Code_Point}]/u;
const everyInvisible = new RegExp(invisible, 'gu');

const names: Readonly<Record<string, string>> = {
  '\0': 'a NUL',
  '\t': 'a tab',
  '\v': 'a vertical tab',
  '\f': 'a form feed',
  '\r': 'a carriage return',
  '\x1b': 'an escape character',
  '\x85': 'a next line character',
  '\xa0': 'a no-break space',
  '\xad': 'a soft hyphen',
  '\u200b': 'a zero width space',
  '\u200c': 'a zero width non-joiner',
  '\u200d': 'a zero width joiner',
  '\u2028': 'a line separator',
  '\u2029': 'a paragraph separator',
  '\u202f': 'a narrow no-break space',
  '\u2060': 'a word joiner',
  '\u3000': 'an ideographic space',
  '\ufeff': 'a byte order mark',
};

/** What is meant by characters that look like it, but for full-width ones (U+FF01 to U+FF5E), which follow ASCII. */
const lookalikes: Readonly<Record<string, string>> = {
  ...pairs('‘’‚‛′‹›', "'"),
  ...pairs('“”„‟″«»', '"'),
  ...pairs('‐‑‒–—―−﹣', '-'),
  ...pairs('﹕︰∶ː꞉', ':'),
  ...pairs('、﹐︐', ','),
  ...pairs('【〔', '['),
  ...pairs('】〕', ']'),
};

function pairs(characters: string, meant: string): Record<string, string> {
  return Object.fromEntries([...characters].map(character => [character, meant]));
}

const codePoint = (character: string) =>
  `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;

/** The text with what can't be seen in it by its code point: `sgd<U+200B>`. */
export const visible = (text: string): string =>
  text.replaceAll(everyInvisible, character => `<${codePoint(character)}>`);

/** What a character is, and what to do about it; undefined where nothing is odd about it. */
export function describeStrange(character: string): { name: string; advice: string } | undefined {
  const code = character.codePointAt(0)!;
  const isFullWidth = code >= 0xff01 && code <= 0xff5e;
  const meant = isFullWidth ? String.fromCodePoint(code - 0xfee0) : lookalikes[character];
  if (meant !== undefined)
    return {
      name: `"${character}" (${codePoint(character)})`,
      advice: `which is not "${meant}" to YAML: write that`,
    };
  if (!invisible.test(character)) return undefined;
  const direction = /\p{Bidi_Control}/u.test(character) ? 'a mark of the writing direction' : 'a character';
  const name = names[character] ?? (/\p{Zs}/u.test(character) ? 'a blank of another width' : direction);
  const instead = /[\t\p{Zs}]/u.test(character)
    ? 'write a plain blank'
    : /[\v\f\x85\p{Zl}\p{Zp}]/u.test(character)
      ? 'write a line end'
      : 'delete it';
  return { name: `${name} (${codePoint(character)})`, advice: `which can't be seen: ${instead}` };
}

/** Equal for texts that nobody can tell apart. */
export const lookOf = (text: string): string =>
  text
    .normalize('NFC')
    .replaceAll(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();
