/** What a sample submission is read by. */

export interface TemplateContext {
  /** Number of the image that an id means. */
  find(id: string): number | undefined;
  /** Names of the images, and the folder or zip that they are in. */
  names: readonly string[];
  images: string;
  classes: readonly string[];
  /** Columns of the training table. */
  known: { id: string; label: string };
  /** `--columns`: the id's, and those that are to be filled. */
  asked: readonly string[] | null;
}

/** Of what is wrong so much is shown. */
const listed = 5;

export const listSome = (items: readonly string[]): string =>
  items.slice(0, listed).join(', ') + (items.length > listed ? ', …' : '');
