/** How wide a text is on a terminal. */

/** One column a character: ASCII, Latin and the punctuation of tables. The segmenter takes 100 times as long. */
const narrow = /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027]*$/;
let segmenter: Intl.Segmenter | undefined;
/** Made when it is needed: it is slow to make. */
function graphemes(text: string) {
  segmenter ??= new Intl.Segmenter();
  return segmenter.segment(text);
}
/** East Asian wide and full-width characters (Unicode TR 11) and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

/** Whether each character takes one column. */
export const isNarrow = (text: string): boolean => narrow.test(text);

/** Columns of the terminal that a line of text takes. */
export function displayWidth(text: string): number {
  if (isNarrow(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}

/** The text in exactly `width` columns: filled with blanks, or cut with an ellipsis. */
export function fitToWidth(text: string, width: number, align: 'left' | 'right'): string {
  const own = displayWidth(text);
  if (own > width) return fitToWidth(cut(text, width), width, align);
  const blanks = ' '.repeat(width - own);
  return align === 'left' ? text + blanks : blanks + text;
}

function cut(text: string, width: number): string {
  if (width < 1) return '';
  let kept = '';
  let used = 1;
  for (const { segment } of graphemes(text)) {
    used += displayWidth(segment);
    if (used > width) break;
    kept += segment;
  }
  return `${kept}…`;
}
