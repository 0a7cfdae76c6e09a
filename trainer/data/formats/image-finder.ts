/** Number of the image that an id of a table means. */
export type ImageFinder = (id: string) => number | undefined;

const ambiguous = -1;

/**
 * Finds images by their names, or by these without the extension and without the folder that all images are in. What
 * could be two images is none.
 */
export function imageFinder(names: readonly string[]): ImageFinder {
  const first = names[0] ?? '';
  const prefix = first.slice(0, first.lastIndexOf('/') + 1);
  const common = names.every(name => name.startsWith(prefix)) ? prefix : '';
  const shorten = (name: string) => {
    const start = name.startsWith(common) ? common.length : 0;
    const dot = name.lastIndexOf('.');
    return name.slice(start, dot > name.lastIndexOf('/') ? dot : undefined);
  };
  const byName = new Map(names.map((name, number) => [name, number]));
  let byShortName: Map<string, number> | undefined;
  return id => {
    const exact = byName.get(id) ?? byName.get(common + id);
    if (exact !== undefined) return exact;
    if (!byShortName) {
      byShortName = new Map();
      for (const [name, number] of byName) {
        const short = shorten(name);
        byShortName.set(short, byShortName.has(short) ? ambiguous : number);
      }
    }
    // An id with an extension means that very file; only one without may mean any.
    const short = byShortName.get(id.startsWith(common) ? id.slice(common.length) : id);
    return short === ambiguous ? undefined : short;
  };
}
